import { reactive } from "vue";
import type { Cell, Table } from "./contract";
import { page, read } from "./page";
import { numberOf } from "./order";
import { t } from "./words";

/** A list on its way into a file. It goes on while other pages are looked at. */
export interface ExportJob {
  id: number;
  name: string;
  rows: number;
  state: "running" | "done" | "failed" | "stopped";
  words: string;
  stop: () => void;
}

export const jobs = reactive<ExportJob[]>([]);

/** More than these a sheet would hardly open; whoever wants more narrows the list, by day for example. */
const rowsMax = 100_000;

type Value = string | number;

// A cell with a quieter second line is two columns of the sheet; a moment stands there in full.
const headOf = (table: Table, doubles: boolean[]): string[] =>
  table.columns.flatMap((column, i) => [column.title + (column.unit ? ` (${column.unit})` : ""), ...(doubles[i] ? [`${column.title} 2`] : [])]);

const isMoment = (text: string | undefined) => text !== undefined && /^\d{4}-\d{2}-\d{2}/.test(text);

const valuesOf = (cell: Cell, kind: string | undefined, isDouble: boolean): Value[] => {
  const main = !cell.sub && isMoment(cell.title) ? cell.title! : cell.text;
  const number = kind === "money" || kind === "number" ? numberOf(main) : null;
  return [number ?? main, ...(isDouble ? [cell.sub && isMoment(cell.title) ? cell.title! : (cell.sub ?? "")] : [])];
};

// A sheet takes a text that begins so for a formula; an apostrophe makes it a text again.
const harmless = (value: Value): Value => (typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

const csv = (lines: Value[][]) => {
  const field = (value: Value) => (/[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return new Blob(["\uFEFF", lines.map((line) => line.map(harmless).map(field).join(",")).join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
};

const xlsx = async (lines: Value[][]) => {
  const { default: write } = await import("write-excel-file");
  return write(lines.map((line, i) => line.map((value) => (typeof value === "number"
    ? { value, type: Number } : { value, type: String, ...(i === 0 ? { fontWeight: "bold" as const } : {}) }))), { stickyRowsCount: 1 });
};

const save = (file: Blob, name: string) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

/** Writes the whole list into a file, as it is filtered now: from its first page to its last. */
export const startExport = (from: Table, format: "csv" | "xlsx"): void => {
  const number = page.value.tables.indexOf(from);
  const stopper = new AbortController();
  jobs.push({ id: Date.now(), name: page.value.title, rows: 0, state: "running", words: "", stop: () => stopper.abort() });
  const job = jobs[jobs.length - 1]!;
  void run().catch((fault: unknown) => {
    job.state = stopper.signal.aborted ? "stopped" : "failed";
    job.words = stopper.signal.aborted ? t("已停止", "Stopped") : t("没有导出：连不上服务器，请重试", "Not exported: the server cannot be reached, try again");
    if (!stopper.signal.aborted) console.warn(fault);
  });

  async function run() {
    const rows: Cell[][] = [];
    let table: Table | undefined = from.first ? (await read(from.first, stopper.signal)).tables[number] : from;
    while (table) {
      rows.push(...table.rows);
      job.rows = rows.length;
      if (!table.next || rows.length >= rowsMax) break;
      table = (await read(table.next, stopper.signal)).tables[number];
    }

    const doubles = from.columns.map((_, i) => rows.some((row) => row[i]?.sub));
    const lines: Value[][] = [headOf(from, doubles), ...rows.map((row) => row.flatMap((cell, i) => valuesOf(cell, from.columns[i]?.kind, doubles[i] ?? false)))];
    const day = new Date().toLocaleDateString("sv-SE");
    save(format === "csv" ? csv(lines) : await xlsx(lines), `${job.name}-${day}.${format}`);
    job.state = "done";
    job.words = rows.length >= rowsMax
      ? t(`只有前 ${rowsMax.toLocaleString()} 行，请缩小范围分几次导出`, `The first ${rowsMax.toLocaleString()} rows only: narrow the list and export in parts`)
      : t("已存到下载", "Saved among the downloads");
  }
};

export const dismiss = (id: number): void => {
  const at = jobs.findIndex((job) => job.id === id);
  if (at >= 0) jobs.splice(at, 1);
};
