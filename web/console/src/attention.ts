import { reactive } from "vue";
import { at, type Attention, type ListFile } from "./contract";

/** How much waits for somebody, by the address of the page that lists it; as the server tells it, whenever it changes. */
export const attention = reactive<Attention>({ total: 0, of: {} });

let stream: EventSource | null = null;
let onFiles: ((files: ListFile[]) => void) | null = null;

/** Listens from now on, and is told at once how things are. */
export const listen = () => {
  stream?.close();
  stream = new EventSource(at("/console/api/events"));
  stream.addEventListener("attention", (event) => Object.assign(attention, JSON.parse((event as MessageEvent<string>).data) as Attention));
  stream.addEventListener("files", (event) => onFiles?.(JSON.parse((event as MessageEvent<string>).data) as ListFile[]));
};

export const tellFiles = (to: (files: ListFile[]) => void): void => void (onFiles = to);

// An open stream keeps a page out of the browser's own cache of pages, so it ends with the page.
addEventListener("pagehide", () => {
  stream?.close();
  stream = null;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) listen();
});
listen();
