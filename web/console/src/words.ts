const isZh = document.documentElement.lang.startsWith("zh");

/** A text in the viewer's language, both beside each other as in the pages of the server. */
export const t = (zh: string, en: string): string => (isZh ? zh : en);
