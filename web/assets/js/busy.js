// Says that something is under way once a button or link was pressed whose answer may take a while, and keeps it from being pressed twice.
//
//   <button data-busy="正在联系支付通道…">支付宝</button>
//   <p data-later="45" hidden>…</p>     shown after so many seconds on the page: what is to be said when it takes long

const quiet = (element) => {
  element.dataset.quiet = element.innerHTML;
  element.setAttribute("aria-busy", "true");
  element.textContent = element.dataset.busy;
};

const press = (event, pressed) => {
  if (!pressed || event.defaultPrevented) return;
  if (pressed.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  // After the browser has taken it: the form has to carry the button's value.
  setTimeout(() => quiet(pressed));
};

// A form that the browser finds incomplete is not sent, and its button stays as it is.
document.addEventListener("submit", (event) => press(event, event.submitter?.closest("[data-busy]")));
document.addEventListener("click", (event) => {
  if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) press(event, event.target.closest?.("a[data-busy]"));
});

// Back from the channel by the browser's own cache: everything may be pressed again.
addEventListener("pageshow", () => {
  for (const element of document.querySelectorAll("[data-busy][aria-busy]")) {
    element.removeAttribute("aria-busy");
    if (element.dataset.quiet !== undefined) element.innerHTML = element.dataset.quiet;
  }
});

for (const element of document.querySelectorAll("[data-later]")) setTimeout(() => { element.hidden = false; }, Number(element.dataset.later) * 1000);
