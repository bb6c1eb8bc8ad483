import type { Cell, Column } from "./contract";

/** The number that a cell shows: grouping, the signs of money and what stands around it apart; null where it shows none. */
export const numberOf = (text: string): number | null => {
  const digits = /[-−+]?\s*[\d,]+(?:\.\d+)?/.exec(text)?.[0];
  return digits === undefined ? null : Number(digits.replace("−", "-").replace(/[,\s+]/g, ""));
};

const words = new Intl.Collator("zh-CN", { numeric: true });

/** Moments are compared as they are, not as "3 minutes ago". */
const textOf = (cell: Cell) => (cell.title && /^\d{4}-\d{2}-\d{2}/.test(cell.title) ? cell.title : cell.text);

/** The rows in another order; what has no value stands last either way. Rows that are alike keep their order. */
export const ordered = (rows: Cell[][], columns: Column[], index: number, isUp: boolean): Cell[][] => {
  const isNumber = columns[index]?.kind === "money" || columns[index]?.kind === "number";
  const value = (row: Cell[]) => (isNumber ? numberOf(row[index]?.text ?? "") : textOf(row[index] ?? { text: "" }) || null);
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const way = typeof x === "number" && typeof y === "number" ? x - y : words.compare(String(x), String(y));
    return isUp ? way : -way;
  });
};
