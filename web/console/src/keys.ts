import { boot } from "./contract";
import { open } from "./page";

/** `G` and then the letter of a task: by its icon's name, which is the same in every language. */
export const letters: Record<string, string> = {
  home: "H", orders: "O", products: "P", supply: "S", agents: "A", finance: "F", settings: "E",
};

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const rows = () => [...document.querySelectorAll<HTMLElement>("#page-body .table tbody tr")].filter((row) => row.querySelector("a[href]"));

const step = (by: 1 | -1) => {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by, 0), all.length - 1)];
  const link = next?.querySelector<HTMLElement>("a[href]");
  link?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
};

/** The keys of the consoles; nothing happens while somebody types. */
export const listenToKeys = (acts: { find: () => void; help: () => void }): void => {
  let isGoing = -Infinity;
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key === "k") {
      event.preventDefault();
      acts.find();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector(".el-overlay:not([style*='display: none'])")) return;
    if (event.timeStamp - isGoing < 1_500) {
      isGoing = -Infinity;
      const task = boot.tasks.find((one) => letters[one.icon]?.toLowerCase() === key);
      if (task) {
        event.preventDefault();
        open(task.pages[0]!.href);
      }
      return;
    }
    if (key === "/") {
      event.preventDefault();
      acts.find();
    } else if (key === "?") acts.help();
    else if (key === "g") isGoing = event.timeStamp;
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "n") document.querySelector<HTMLAnchorElement>("#main .page-head .button")?.click();
    else if (key === "]") document.querySelector<HTMLAnchorElement>("#page-body a[rel=next]")?.click();
  });
};
