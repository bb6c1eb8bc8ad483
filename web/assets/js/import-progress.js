// Uploads a file and shows how far the import has come. Without this script the form posts as usual and the page it
// leads to shows the state and a refresh link.
//
//   <form method="post" enctype="multipart/form-data" data-import data-failed="上传中断了，文件没有导入，请重试。">…</form>
//   <section id="import" data-progress="/imports/81/progress" data-word-reading="正在读取" data-word-done="导入完成" …>
//     <p data-word></p> <progress class="progress" max="100"></progress>
//     <dd data-count="rows">0</dd> <dd data-count="imported">0</dd> …
//   </section>
//
// The upload answers 202 and JSON {"progress": "/imports/81/progress", "page": "/imports/81"}; a refusal answers JSON
// {"detail": "…"} (a problem document). Any other answer is a page, and the browser goes there.
// The progress answers {state, rows, imported, duplicate_in_file, duplicate_in_stock, malformed, percent}; the states
// `done`, `failed` and `cancelled` are final. At the end the page is read anew, so that the server shows the bad rows.
// After the upload the address becomes that of the import: it can be left and is found again.

const finals = new Set(["done", "failed", "cancelled"]);
const group = new Intl.NumberFormat(document.documentElement.lang || undefined);

const draw = (section, state) => {
  section.hidden = false;
  const word = section.querySelector("[data-word]");
  const key = `word${state.state.charAt(0).toUpperCase()}${state.state.slice(1)}`;
  const said = section.dataset[key] ?? state.state;
  if (word && word.textContent !== said) word.textContent = said;
  const bar = section.querySelector("progress");
  if (bar) {
    if (Number.isFinite(state.percent)) bar.value = state.percent;
    else bar.removeAttribute("value");
  }
  const percent = section.querySelector("[data-percent]");
  if (percent) percent.textContent = Number.isFinite(state.percent) ? `${state.percent}%` : "";
  for (const place of section.querySelectorAll("[data-count]")) {
    const count = state[place.dataset.count];
    if (Number.isFinite(count)) place.textContent = group.format(count);
  }
};

const follow = (section) => {
  let timer = 0;
  let pause = 500;
  let asked = null;
  const ask = async () => {
    asked = new AbortController();
    try {
      const answer = await fetch(section.dataset.progress, {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", signal: asked.signal,
      });
      if (!answer.ok) throw new Error(`Answer ${answer.status}.`);
      const state = await answer.json();
      draw(section, state);
      section.removeAttribute("data-stale");
      if (finals.has(state.state)) {
        if (!section.hasAttribute("data-final")) location.reload();
        return;
      }
      pause = Math.min(pause * 1.2, 2_000);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      section.setAttribute("data-stale", "");
      pause = Math.min(pause * 2, 15_000);
    }
    timer = setTimeout(ask, pause);
  };
  addEventListener("pagehide", () => { clearTimeout(timer); asked?.abort(); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  ask();
};

const upload = (form) => {
  const button = form.querySelector("button[type=submit]");
  const problem = form.querySelector("[data-problem]");
  const section = document.querySelector("[data-progress]");
  form.addEventListener("submit", async (event) => {
    if (!section || button?.getAttribute("aria-busy") === "true") {
      if (section) event.preventDefault();
      return;
    }
    event.preventDefault();
    // Read before anything is disabled: a disabled field is not sent.
    const body = new FormData(form);
    button?.setAttribute("aria-busy", "true");
    if (problem) problem.hidden = true;
    draw(section, { state: "uploading" });
    const warn = (leaving) => leaving.preventDefault();
    addEventListener("beforeunload", warn);
    let leave = () => {};
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      if (!isJson) {
        leave = () => location.assign(answer.redirected ? answer.url : location.href);
        return;
      }
      const said = await answer.json();
      if (!answer.ok) throw Object.assign(new Error("refused"), { words: said.detail ?? said.title });
      section.dataset.progress = said.progress;
      if (said.page) history.replaceState(null, "", said.page);
      form.hidden = true;
      follow(section);
    } catch (caught) {
      section.hidden = true;
      button?.removeAttribute("aria-busy");
      if (problem) {
        problem.textContent = caught.words ?? form.dataset.failed ?? "";
        problem.hidden = false;
        problem.focus();
      }
    } finally {
      removeEventListener("beforeunload", warn);
      leave();
    }
  });
};

// A file may also be dropped on the field's frame.
const drop = (zone) => {
  const field = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.dataset.over = ""; });
  zone.addEventListener("dragleave", () => { delete zone.dataset.over; });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    if (event.dataTransfer.files.length > 0) field.files = event.dataTransfer.files;
  });
};

for (const zone of document.querySelectorAll(".drop")) drop(zone);
for (const form of document.querySelectorAll("form[data-import]")) upload(form);
for (const section of document.querySelectorAll("[data-progress]")) {
  if (section.dataset.progress && !section.hasAttribute("data-final")) follow(section);
}
