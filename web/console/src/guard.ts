import { t } from "./words";

/** Forms that were sent or given up, until somebody changes them again. */
let sent = new WeakSet<HTMLFormElement>();

const isOther = (field: Element): boolean => {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue.replaceAll("\r\n", "\n");
  // Without a choice of the page's own the first stands there.
  if (field instanceof HTMLSelectElement) return field.selectedIndex !== Math.max([...field.options].map((option) => option.defaultSelected).lastIndexOf(true), 0);
  // Marks choose rows, and change nothing.
  if (!(field instanceof HTMLInputElement) || field.closest(".mark-cell")) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.value !== "";
  if (field.type === "color") return field.value !== field.defaultValue.toLowerCase();
  return field.value !== field.defaultValue;
};

// What came back with a mistake is not saved either.
const unsaved = () => [...document.querySelectorAll<HTMLFormElement>("#main form[method=post]")]
  .filter((form) => !sent.has(form) && (form.querySelector(".error-summary") !== null || [...form.elements].some(isOther)));

const ask = () => confirm(t("有改动还没保存，离开这里就丢了。确定离开吗？", "You have unsaved changes, which will be lost. Leave all the same?"));

/** True when nothing that was typed would be lost, or the person wants it so. */
export const mayLeave = (): boolean => unsaved().length === 0 || ask();

/** The same for sending one form: what stands in the others, or goes to where this one is not saved, would be lost. */
export const maySend = (form: HTMLFormElement, button: HTMLElement | null): boolean => {
  const isSaved = !button?.hasAttribute("formaction");
  if (unsaved().some((other) => other !== form || !isSaved) && !ask()) return false;
  letGo();
  return true;
};

/** What stands in the forms now may be lost. */
export const letGo = (): void => {
  for (const form of document.querySelectorAll<HTMLFormElement>("#main form")) sent.add(form);
};

/** It did not get through: all stands there as before. */
export const hold = (): void => void (sent = new WeakSet());

/** From now on the tab is not closed or read again unasked, either. */
export const watchOver = (): void => {
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLInputElement).form;
    if (form) sent.delete(form);
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved().length > 0) event.preventDefault();
  });
};
