import type { components } from "./api.gen";

type Schemas = components["schemas"];
export type Boot = Schemas["Boot"];
export type PageContents = Schemas["PageContents"];
export type Table = Schemas["Table"];
export type Cell = Schemas["Cell"];
export type Column = Schemas["Column"];
export type Task = Schemas["Task"];
export type Link = Schemas["Link"];
export type FindAnswer = Schemas["FindAnswer"];
export type FindGroup = Schemas["FindGroup"];
export type SavedView = Schemas["SavedView"];
export type ListFile = Schemas["ListFile"];
export type FileAsk = Schemas["FileAsk"];
export type Attention = Schemas["Attention"];
export type Problem = Schemas["Problem"];

/** The media type of a page's contents. */
export const contents = "application/vnd.lianka.page+json";

const written = document.getElementById("boot");
if (!written) throw new Error("This page does not start the console.");

/** What the server wrote into the page that started the application. */
export const boot = JSON.parse(written.textContent) as Boot;

const base = boot.base ?? "";

/** The path as the browser knows it. Inside of the application paths stand as the server tells them: without what stands before all of them. */
export const at = (path: string): string => (path.startsWith("/") ? base + path : path);

/** The site's own path of an address; null: it is another site's. */
export const pathOf = (url: URL | Location): string | null =>
  url.origin === location.origin && url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : null;

/** Asks one of the addresses that answer JSON. */
export const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
  const answer = await fetch(at(path), {
    credentials: "same-origin",
    ...init,
    headers: { Accept: "application/json", RequestVerificationToken: boot.token, ...init.headers },
  });
  if (!answer.ok) throw new Refusal(await problemOf(answer));
  return (await answer.json()) as T;
};

/** An answer that is no success, in the words of the server. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

export const problemOf = async (answer: Response): Promise<Problem> => {
  const id = answer.headers.get("X-Request-Id") ?? "";
  if (answer.headers.get("Content-Type")?.includes("json")) {
    const said = (await answer.json()) as Partial<Problem>;
    return { status: answer.status, request_id: said.request_id ?? id, title: said.title ?? String(answer.status), detail: said.detail };
  }
  return { status: answer.status, request_id: id, title: String(answer.status) };
};
