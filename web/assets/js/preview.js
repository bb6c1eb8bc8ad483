// Draws the preview beside a form anew while one types. Without this script the button beside it does so.
//
//   <form id="shop-form">…</form>
//   <button form="shop-form" formaction="…/preview" formtarget="shop-preview">刷新</button>
//   <iframe name="shop-preview" src="…/preview"></iframe>
//
// Each picture comes into a frame of its own, which takes the place of the last one when it is there: nothing flickers, the
// place one has scrolled to stays, and the way back in the browser leads past none of them.

const button = document.querySelector("button[formtarget]");
const form = button?.form;
const name = button?.formTarget;
let shown = document.querySelector(`iframe[name="${name}"]`);
let coming = null;
let count = 0;

const take = (next) => {
  if (next !== coming) return;
  const page = next.contentDocument;
  // What was empty, or no page of ours (the session is over): the last picture stays.
  if (!page?.querySelector("main")) return;
  next.contentWindow.scrollTo(0, shown.contentWindow?.scrollY ?? 0);
  next.classList.remove("coming");
  shown.remove();
  shown = next;
  coming = null;
};

const show = () => {
  coming?.remove();
  coming = document.createElement("iframe");
  coming.name = `${name}-${++count}`;
  coming.title = shown.title;
  coming.className = "coming";
  shown.after(coming);
  coming.addEventListener("load", (event) => take(event.currentTarget));
  button.setAttribute("formtarget", coming.name);
  form.requestSubmit(button);
};

if (form && shown) {
  let late;
  form.addEventListener("input", () => {
    clearTimeout(late);
    late = setTimeout(show, 250);
  });
  button.addEventListener("click", (event) => {
    // A press by hand, not the one that show() makes.
    if (event.isTrusted) {
      event.preventDefault();
      show();
    }
  });
  // The browser may have kept what was typed before.
  addEventListener("pageshow", show);
}
