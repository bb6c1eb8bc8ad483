// Counts down to a moment. Without this script the page names the moment itself ("请在 14:35 前付款").
//
//   <p class="countdown" data-countdown data-now="2026-11-22T06:20:00Z" data-ended="付款时间已过" data-last-minute="还剩一分钟">
//     请在 <time datetime="2026-11-22T06:35:00Z">14:35</time> 前付款
//   </p>
//
// data-now is the server's clock when it wrote the page: a phone whose clock is wrong still counts right.
// At the end the text becomes data-ended and the event countdown:ended goes up, which makes live.js ask at once.
// Whether an order has lapsed is the server's word; this only shows the time.

const status = document.createElement("div");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);

const digits = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, "0");
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`;
};

const begun = performance.timeOrigin;

const count = (element) => {
  const time = element.querySelector("time[datetime]");
  const end = Date.parse(time?.dateTime ?? "");
  if (!Number.isFinite(end)) return;
  const serverNow = Date.parse(element.dataset.now ?? "");
  const ahead = Number.isFinite(serverNow) ? begun - serverNow : 0;
  element.dataset.counting = "";
  if (element.dataset.before !== undefined) element.firstChild.textContent = element.dataset.before;
  if (element.dataset.after !== undefined) element.lastChild.textContent = element.dataset.after;

  let warned = false;
  const tick = () => {
    if (!element.isConnected) return;
    const left = Math.ceil((end - (Date.now() - ahead)) / 1000);
    if (left <= 0) {
      element.textContent = element.dataset.ended ?? time.textContent;
      status.textContent = element.textContent;
      element.dispatchEvent(new CustomEvent("countdown:ended", { bubbles: true }));
      return;
    }
    if (left <= 60 && !warned) {
      warned = true;
      element.classList.add("ending");
      status.textContent = element.dataset.lastMinute ?? "";
    }
    time.textContent = digits(left);
    setTimeout(tick, 1000 - ((Date.now() - ahead) % 1000));
  };
  tick();
};

const find = (root) => {
  for (const element of root.querySelectorAll("[data-countdown]:not([data-counting])")) count(element);
};

document.addEventListener("live:swapped", (event) => find(event.target));
find(document);
