// Counts down to a moment. Without this script the page names the moment itself ("请在 14:35 前付款").
//
//   <p class="countdown" data-countdown data-now="2026-11-22T06:20:00Z" data-ended="付款时间已过" data-last-minute="还剩一分钟">
//     请在 <time datetime="2026-11-22T06:35:00Z">14:35</time> <span data-counting-word="内">前</span>付款
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

// When this page's first byte came: the moment on this device's clock that data-now speaks of.
const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);

const count = (element, written) => {
  const time = element.querySelector("time[datetime]");
  const end = Date.parse(time?.dateTime ?? "");
  if (!Number.isFinite(end)) return;
  const serverNow = Date.parse(element.dataset.now ?? "");
  const ahead = Number.isFinite(serverNow) ? written - serverNow : 0;
  element.dataset.counting = "";
  // "请在 14:35 前付款" becomes "请在 12:09 内付款": the words around a moment and around a span differ.
  for (const word of element.querySelectorAll("[data-counting-word]")) word.textContent = word.dataset.countingWord;

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

const find = (root, written) => {
  for (const element of root.querySelectorAll("[data-countdown]:not([data-counting])")) count(element, written);
};

document.addEventListener("live:swapped", (event) => find(event.target, Date.now()));
find(document, arrived);
