import { computed, reactive, shallowRef } from "vue";
import { at, boot, contents, pathOf, problemOf, type PageContents, type Problem } from "./contract";
import { hold, letGo, mayLeave, maySend, watchOver } from "./guard";
import { t } from "./words";

/** The page that is shown. `body` is null while it is still the one that the server wrote into the document. */
export const page = shallowRef<PageContents>(boot.page);

export const state = reactive({
  path: pathOf(location) ?? "",
  query: location.search,
  /** A page is on its way. */
  isAsking: false,
  /** For longer than one notices. */
  isLoading: false,
  problem: null as Problem | null,
  /** Said by a screen reader. */
  said: "",
});

/** What the address asks of the list: a place in it, and what was said of it, are no part. Empty: all of it. */
export const filter = computed(() => {
  const kept = new URLSearchParams(state.query);
  for (const passing of ["before", "after", "lang", "page", "handler"]) kept.delete(passing);
  return kept.toString();
});

let asking: AbortController | null = null;

// What may be kept of where one was: the scroll position stands in the history.
const remember = () => history.replaceState({ ...history.state, scroll: scrollY }, "");

const show = (next: PageContents, address: URL, how: "push" | "replace" | "stay", scroll: number | null) => {
  if (how === "push") {
    remember();
    history.pushState({ scroll: 0 }, "", address);
  } else if (how === "replace") history.replaceState({ scroll: scroll ?? 0 }, "", address);
  state.path = pathOf(location) ?? "";
  state.query = location.search;
  state.problem = null;
  page.value = next;
  document.title = `${next.title} · Lianka`;
  // What was done says itself; a new page is said by its name.
  state.said = next.done || next.not_done ? "" : next.title;
  requestAnimationFrame(() => {
    scrollTo(0, scroll ?? 0);
    const first = document.querySelector<HTMLElement>("#main [role=alert] a, #main .problems") ?? document.querySelector<HTMLElement>("#main h1");
    first?.focus({ preventScroll: true });
  });
};

const save = async (answer: Response, name: string) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const nameOf = (disposition: string) =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? /filename="?([^";]+)/i.exec(disposition)?.[1] ?? "file");

// The browser may have gone back already.
const stay = () => {
  if (pathOf(location) !== state.path || location.search !== state.query) history.pushState({ scroll: scrollY }, "", at(state.path) + state.query);
};

/** Asks for a page and shows it: what answers with a file is saved, what is no page of the consoles is gone to. */
const go = async (request: Request, how: "push" | "replace", scroll: number | null = null): Promise<void> => {
  asking?.abort();
  const own = (asking = new AbortController());
  state.isAsking = true;
  const late = setTimeout(() => (state.isLoading = true), 150);
  try {
    const answer = await fetch(new Request(request, { signal: own.signal }));
    if (own.signal.aborted) return;
    const address = new URL(answer.url || request.url);
    const kind = answer.headers.get("Content-Type") ?? "";
    if (kind.includes(contents)) {
      const next = (await answer.json()) as PageContents;
      if (next.is_alone) return location.assign(address);
      // A form that comes back with problems stays where it was sent from.
      if (request.method === "GET" && !mayLeave()) return stay();
      const stays = request.method === "POST" && !answer.redirected;
      const isSame = address.href === location.href;
      show(next, address, stays ? "stay" : isSame ? "replace" : how, stays ? scrollY : isSame && request.method === "POST" ? scrollY : scroll);
    } else if (answer.headers.get("Content-Disposition")?.startsWith("attachment")) {
      await save(answer, nameOf(answer.headers.get("Content-Disposition") ?? ""));
    } else if (answer.ok && kind.includes("html")) {
      location.assign(address);
    } else {
      hold();
      if (how === "push" && request.method === "GET") {
        remember();
        history.pushState({ scroll: 0 }, "", address);
        state.path = pathOf(location) ?? "";
        state.query = location.search;
      }
      state.problem = await problemOf(answer);
    }
  } catch (fault) {
    if (own.signal.aborted) return;
    hold();
    state.problem = {
      status: 0, request_id: "",
      title: t("连不上服务器", "The server cannot be reached"),
      detail: request.method === "GET"
        ? t("请检查网络后重试。", "Check the connection and try again.")
        : t("不确定有没有办成。请再点一次：同一张表单只会办一次。", "It is not known whether this was done. Press again: one form is done once only."),
    };
    console.warn(fault);
  } finally {
    clearTimeout(late);
    if (asking === own) {
      asking = null;
      state.isAsking = state.isLoading = false;
    }
  }
};

const get = (address: string | URL) => new Request(address, { headers: { Accept: `${contents}, text/html;q=0.5` }, credentials: "same-origin" });

/** Goes to a page of the consoles. */
export const open = (address: string, how: "push" | "replace" = "push", scroll: number | null = null): void => {
  const url = new URL(at(address), location.href);
  if (page.value.is_alone || !isOurs(url)) location.assign(url);
  else void go(get(url), how, scroll);
};

/** Reads the page again and stays where it is. */
export const reload = (): void => open(location.href, "replace", scrollY);

const isOurs = (url: URL) => pathOf(url)?.startsWith("/console") ?? false;

const onClick = (event: MouseEvent) => {
  const link = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  // Beside the button of a form stands the way back without saving: that needs no question.
  if (link.closest("form .form-end")) letGo();
  if (link.target || link.hasAttribute("download") || page.value.is_alone) return;
  const url = new URL(link.href);
  if (!isOurs(url) || url.searchParams.has("lang") || (url.pathname === location.pathname && url.search === location.search && url.hash)) return;
  event.preventDefault();
  open(url.href);
};

const onSubmit = (event: SubmitEvent) => {
  const form = event.target as HTMLFormElement;
  if (form.target || event.submitter?.hasAttribute("formtarget") || !document.getElementById("main")?.contains(form)) return;
  if (form.method === "post" && !maySend(form, event.submitter)) return event.preventDefault();
  if (event.defaultPrevented || page.value.is_alone) return;
  const url = new URL(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, location.href);
  if (!isOurs(url)) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  if (form.method === "get") {
    url.search = new URLSearchParams([...fields].filter((f): f is [string, string] => typeof f[1] === "string" && f[1] !== "")).toString();
    open(url.href);
    return;
  }
  // Pressed twice is sent once: the button works again when the answer is there.
  const button = event.submitter as HTMLButtonElement | null;
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  const hasFile = form.enctype === "multipart/form-data";
  const body = hasFile ? fields : new URLSearchParams([...fields].filter((f): f is [string, string] => typeof f[1] === "string"));
  void go(new Request(url, { method: "POST", body, headers: { Accept: `${contents}, text/html;q=0.5` }, credentials: "same-origin" }), "push")
    .finally(() => button?.removeAttribute("aria-busy"));
};

/** From now on links and forms of the consoles change the page instead of the document. */
export const takeOver = (): void => {
  watchOver();
  history.scrollRestoration = "manual";
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  addEventListener("popstate", (event) => {
    if (pathOf(location) === state.path && location.search === state.query) return;
    if (page.value.is_alone) location.reload();
    else void go(get(location.href), "replace", (event.state as { scroll?: number } | null)?.scroll ?? 0);
  });
  addEventListener("pagehide", remember);
  const kept = (history.state as { scroll?: number } | null)?.scroll;
  if (kept) scrollTo(0, kept);
};
