// Remembers light, dark or "as the system". Without this script the same buttons post to the server, which sets the cookie.
//
//   <form method="post" action="/theme" class="themes" data-theme-switch>
//     <button name="theme" value="" aria-pressed="true">跟随系统</button>
//     <button name="theme" value="light" aria-pressed="false">浅色</button>
//     <button name="theme" value="dark" aria-pressed="false">深色</button>
//   </form>
//
// The choice lives in the cookie `theme` alone. The server writes it into <html data-theme>, so the first paint is right
// and no script has to run before it.

const year = 31_536_000;
const root = document.documentElement;

// The site may stand below a path of its host.
const site = new URL("../../", import.meta.url).pathname;

const apply = (theme) => {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=${site}; Max-Age=${theme ? year : 0}; SameSite=Lax${secure}`;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
};

for (const form of document.querySelectorAll("[data-theme-switch]")) {
  form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (theme === undefined || !["", "light", "dark"].includes(theme)) return;
    event.preventDefault();
    apply(theme);
  });
}

// Two open tabs, or a page from the browser's cache: show what the cookie says now.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const theme = /(?:^|;\s*)theme=(light|dark)/.exec(document.cookie)?.[1] ?? "";
  apply(theme);
});
