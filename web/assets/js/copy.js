// One-tap copy. Without this script the buttons stay hidden and the text can be selected with one tap (user-select: all).
//
//   <output id="card-1-secret" class="code">…</output>
//   <button type="button" class="button copy" hidden data-copy="#card-1-secret"
//           data-copied="已复制" data-copy-failed="复制不了，请长按选择">复制</button>
//
// data-copy may match several elements: each becomes one line, in the order of the page. An element that holds several
// .code (a whole card) gives "number password" on its line, the form in which cards are passed on: data-copy=".card".
// The text between an element's tags is
// taken as it is, so a code shown in groups (<span class="group">) is copied without blanks.

const status = document.createElement("div");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);

const show = (root) => {
  for (const button of root.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
};

const lineOf = (element) => {
  const codes = [...element.querySelectorAll(".code")];
  if (codes.length > 0) return codes.map((code) => code.textContent.trim()).join(" ");
  return element.value || element.textContent.trim();
};

const textOf = (selectors) => [...document.querySelectorAll(selectors)].map(lineOf).join("\n");

// The clipboard interface exists only on https and localhost; in-app browsers often lack it, so the old way stays.
const write = async (text) => {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission refused: try the old way.
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "unseen";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  area.setSelectionRange(0, text.length);
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  focused?.focus?.();
  return done;
};

const timers = new WeakMap();

const copy = async (button) => {
  const done = await write(textOf(button.dataset.copy));
  const label = button.querySelector("[data-label]") ?? button;
  button.dataset.word ??= label.textContent;
  const said = done ? button.dataset.copied : button.dataset.copyFailed;
  label.textContent = said ?? button.dataset.word;
  button.dataset.state = done ? "done" : "failed";
  status.textContent = "";
  // A live region speaks only when its text changes, also for the second copy of the same code.
  requestAnimationFrame(() => { status.textContent = said ?? ""; });
  if (!done) {
    const target = document.querySelector(button.dataset.copy);
    if (target) getSelection()?.selectAllChildren(target);
  }
  clearTimeout(timers.get(button));
  timers.set(button, setTimeout(() => {
    label.textContent = button.dataset.word;
    delete button.dataset.state;
  }, 2500));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (button) copy(button);
});

// live.js announces a swapped region, whose new buttons come hidden from the server.
document.addEventListener("live:swapped", (event) => show(event.target));
show(document);
