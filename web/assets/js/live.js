// Keeps a region of the page as fresh as the server's. Without this script the page shows a refresh link instead.
//
//   <section id="status" data-live="/orders/20261122…/status" data-live-seconds="2">
//     <p data-live-say>等待付款</p> …
//   </section>
//
// data-live          an address that answers either HTML holding an element with the same id (a fragment or a whole page),
//                    or JSON {"version": "…", "final": false, "goto": "/…"}; after a new version the page itself is read.
// data-live-events   optional: an event stream; each message means "ask now". Asking goes on, slowly, in case it breaks.
// data-live-seconds  the shortest pause between questions (2 unless told).
// data-final         on the region: nothing will change any more, stop.
// data-goto          on the region: an address of this site to move to, for example from the cashier to the cards.
// data-live-say      the words to read out when they change.
// data-stale         set on the region after three failed questions, so that CSS can admit it (class `stale`).
//
// Load this module before the others: it compares the server's answers, and they change the page (buttons appear). Keep
// what differs in every answer, such as a countdown's data-now, outside the region, or it is swapped at every question.
//
// A buyer leaves for the payment app and comes back: coming back asks at once, and a hidden page hardly asks at all.

const slowest = 15_000;

const say = document.createElement("div");
say.className = "unseen";
say.setAttribute("role", "status");
document.body.append(say);

const sameSite = (address) => {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? url : null;
};

const follow = (id) => {
  const region = () => document.getElementById(id);
  const first = Math.max(1, Number(region().dataset.liveSeconds) || 2) * 1000;
  let pause = first;
  let failures = 0;
  let timer = 0;
  let asking = null;
  let stream = null;
  let version = null;
  let seen = region().innerHTML;
  let stopped = false;

  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    stream?.close();
    stream = null;
  };

  const later = (wait) => {
    clearTimeout(timer);
    if (stopped) return;
    // Up to a quarter more, so that a crowd that waits for one restart does not ask in step.
    timer = setTimeout(ask, wait * (1 + Math.random() / 4));
  };

  const swap = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    const old = region();
    if (!fresh || !old) return false;
    if (fresh.innerHTML === seen) return false;
    const spokenBefore = old.querySelector("[data-live-say]")?.textContent.trim();
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    for (const { name, value } of [...fresh.attributes]) old.setAttribute(name, value);
    seen = fresh.innerHTML;
    old.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const spoken = old.querySelector("[data-live-say]")?.textContent.trim();
    if (spoken && spoken !== spokenBefore) say.textContent = spoken;
    old.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
    return true;
  };

  // True when the region has come to rest.
  const settle = (goto) => {
    const target = goto ?? region()?.dataset.goto;
    const url = target && sameSite(target);
    if (url && url.href !== location.href) {
      stop();
      location.assign(url);
      return true;
    }
    if (region() && !region().hasAttribute("data-final")) return false;
    stop();
    return true;
  };

  const read = async (address) => {
    const url = sameSite(address);
    if (!url) throw new Error("A live region reads its own site only.");
    const answer = await fetch(url, {
      headers: { Accept: "application/json, text/html;q=0.9" },
      credentials: "same-origin",
      cache: "no-cache",
      signal: asking.signal,
    });
    if (!answer.ok) {
      const wait = Number(answer.headers.get("Retry-After")) * 1000;
      throw Object.assign(new Error(`Answer ${answer.status}.`), { wait: wait > 0 ? wait : 0 });
    }
    return answer;
  };

  async function ask() {
    if (stopped || asking) return;
    if (document.hidden && failures === 0) {
      later(slowest);
      return;
    }
    asking = new AbortController();
    const limit = setTimeout(() => asking?.abort(), 10_000);
    let wait = 0;
    try {
      const answer = await read(region().dataset.live);
      let changed = false;
      let goto;
      if (answer.headers.get("Content-Type")?.includes("json")) {
        const state = await answer.json();
        goto = state.goto;
        changed = state.version !== version;
        if (changed && (version !== null || state.final)) swap(await (await read(location.href)).text());
        version = state.version;
        if (state.final) region()?.setAttribute("data-final", "");
      } else {
        changed = swap(await answer.text());
      }
      failures = 0;
      region()?.removeAttribute("data-stale");
      pause = changed ? first : Math.min(pause * 1.2, stream ? slowest : slowest / 2);
      wait = pause;
      if (settle(goto)) return;
    } catch (problem) {
      if (stopped) return;
      failures += 1;
      if (failures >= 3) region()?.setAttribute("data-stale", "");
      wait = Math.max(problem.wait ?? 0, Math.min(first * 2 ** failures, slowest * 2));
    } finally {
      clearTimeout(limit);
      asking = null;
    }
    later(wait);
  }

  const askNow = () => {
    if (stopped || document.hidden) return;
    pause = first;
    clearTimeout(timer);
    ask();
  };

  const start = () => {
    if (!region() || region().hasAttribute("data-final")) return;
    stopped = false;
    asking = null;
    const events = region().dataset.liveEvents;
    if (events && "EventSource" in window && sameSite(events)) {
      stream = new EventSource(sameSite(events));
      stream.onmessage = askNow;
      stream.addEventListener("changed", askNow);
      stream.onerror = () => {
        // The browser reconnects by itself while CONNECTING; CLOSED is for good, and asking goes on alone.
        if (stream?.readyState === EventSource.CLOSED) stream = null;
      };
    }
    later(first);
  };

  document.addEventListener("visibilitychange", askNow);
  document.addEventListener("countdown:ended", askNow);
  addEventListener("online", askNow);
  addEventListener("pagehide", stop);
  // A page that comes back from the browser's own cache has been stopped above.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    start();
    askNow();
  });
  start();
};

for (const region of document.querySelectorAll("[data-live][id]")) follow(region.id);
