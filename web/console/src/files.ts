import { computed, reactive, ref } from "vue";
import { listen, tellFiles } from "./attention";
import { ask, at, Refusal, type FileAsk, type ListFile, type Table } from "./contract";
import { reload, state } from "./page";
import { t } from "./words";

const files = ref<ListFile[]>([]);
/** Seen in the making on this page: they stay in sight until they are closed. */
const seen = reactive(new Set<string>());
/** Asked for here: they are saved as soon as they are ready. */
const awaited = new Set<string>();

/** Why a file was not begun; empty when it was. */
export const refusal = ref("");

export const shown = computed(() => files.value.filter((file) => seen.has(file.id)));

export const addressOf = (file: ListFile) => at(`/console/files?handler=download&file=${file.id}`);

// What is answered with a file leaves the page as it is; a refusal is a page that says why.
const save = (file: ListFile) => {
  const link = document.createElement("a");
  link.href = addressOf(file);
  link.target = "_self";
  link.click();
};

const take = (told: ListFile[]) => {
  const before = files.value;
  files.value = told;
  for (const file of told) {
    if (file.state === "running") seen.add(file.id);
    else if (awaited.delete(file.id) && file.state === "done") save(file);
  }
  const states = (all: ListFile[]) => all.map((file) => file.id + file.state).join();
  if (state.path === "/console/files" && states(before) !== states(told)) reload();
};
tellFiles(take);

const send = async (path: string, init: RequestInit, isAsked: boolean) => {
  refusal.value = "";
  try {
    const before = new Set(files.value.map((file) => file.id));
    const told = await ask<ListFile[]>(path, init);
    if (isAsked) for (const file of told) if (!before.has(file.id)) awaited.add(file.id);
    take(told);
    // From its beginning on, a file is told of each second.
    listen();
  } catch (fault) {
    if (fault instanceof Refusal) refusal.value = `${fault.problem.detail ?? fault.problem.title} (${fault.problem.request_id})`;
    else {
      refusal.value = t("连不上服务器，请重试", "The server cannot be reached, try again");
      console.warn(fault);
    }
  }
};

/** Has the whole list made a file of, as it is filtered now, by the server: it goes on whatever becomes of this page. */
export const startExport = (table: Table, number: number, format: FileAsk["format"], columns: string[] | undefined) => {
  const wanted: FileAsk = { address: table.first ?? state.path + state.query, table: number, format, ...(columns ? { columns } : {}) };
  return send("/console/api/files", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted) }, true);
};

export const cancel = (file: ListFile) => send(`/console/api/files/${file.id}`, { method: "DELETE" }, false);

export const close = (file: ListFile): void => void seen.delete(file.id);
