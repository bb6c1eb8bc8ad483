// Chromium for the tests: the system's own, headless, in a fresh profile, talking to nobody but the node.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

function executable() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error('Chromium is not installed: ./test installs it.');
}

/** A browser; close it when the tests are over. */
export function launch() {
  // Chromium's sandbox cannot work as root, which is who runs in a container.
  const args = process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags;
  return chromium.launch({ executablePath: executable(), headless: true, args });
}

/** A page of a person of its own: no cookies, a phone's width unless told otherwise. */
export async function open(browser, { width = 390, height = width < 800 ? 844 : 900, lang = 'zh-CN', javaScript = true, dark = false, agent } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: lang,
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: javaScript,
    hasTouch: width < 800,
    reducedMotion: 'reduce',
    timezoneId: 'Asia/Shanghai',
    userAgent: agent,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

export async function logIn(page, base, { login, password }) {
  await page.goto(new URL('/login', base).href);
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', password);
  await Promise.all([page.waitForURL('**/console**'), page.click('main form button.dominant')]);
}
