// Takes a picture of every page at 390 and 1440 px, light in one language and dark in the other, into docs/screens/.
// node screens.mjs            needs nothing: it starts a demo node of its own, or takes the one LIANKA_DEMO names
// node screens.mjs operator   only the pictures whose name begins so
// node screens.mjs --new      only those that are not there yet
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, logIn, open } from './launch.mjs';
import { demoNode } from './node.mjs';
import { choose, toTestCashier } from './pay.mjs';
import { setScene, topUp } from './scene.mjs';

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const isNewOnly = process.argv[2] === '--new';
const only = isNewOnly ? '' : process.argv[2] ?? '';
const bytesMax = 200 * 1024;
const looks = [
  { suffix: 'phone-zh', width: 390, lang: 'zh-CN' },
  { suffix: 'phone-en-dark', width: 390, lang: 'en', dark: true },
  { suffix: 'desk-en', width: 1440, lang: 'en' },
  { suffix: 'desk-zh-dark', width: 1440, lang: 'zh-CN', dark: true },
];

const browser = await launch();
const node = await demoNode();
const demo = await node.demo();
await mkdir(folder, { recursive: true });
const scene = await setScene(browser, node, demo);
const broken = new Set();
let taken = 0;

/** The name of a page for its file: the path without what differs from one order, product or shop to the next. */
function nameOf(url) {
  const path = new URL(url).pathname.replace(/^\/(console|s\/[^/]+)(?=\/|$)/, '').replace(/^\/(operator|merchant|supplier)(?=\/|$)/, '');
  const [first, ...rest] = path.split('/').filter(Boolean).map(p => /^([a-z]+_)?[0-9a-hjkmnp-tv-z]{13}$|^\d+$/.test(p) ? 'one' : p);
  return { undefined: '', p: 'product', c: 'category' }[first] ?? [first, ...rest].join('-');
}

/** As much of the page as fits the size limit, but at least one screen. */
async function shoot(page, name) {
  if (!name.startsWith(only) || (isNewOnly && existsSync(join(folder, `${name}.png`)))) return;
  const { width, height } = page.viewportSize();
  // In a picture of the whole page a bar that keeps to the bottom of the screen would lie over what stands there.
  await page.evaluate(() => scrollTo(0, 0));
  await page.addStyleTag({ content: '.buy-bar { position: static !important; }' });
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let tall = Math.min(whole, height * 2); ; tall = Math.floor(tall * 0.8)) {
    const picture = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height: Math.max(tall, Math.min(height, whole)) }, animations: 'disabled', timeout: 60_000 });
    if (picture.length > bytesMax && tall > height) continue;
    await writeFile(join(folder, `${name}.png`), picture);
    taken++;
    return;
  }
}

/** Opens every page that links lead to from here, one of each kind, and takes its picture. */
async function walk(page, start, within, prefix, suffix, skip) {
  const seen = new Set();
  const waiting = [start];
  while (waiting.length > 0) {
    const url = waiting.shift();
    const name = nameOf(url);
    if (seen.has(name)) continue;
    seen.add(name);
    const answer = await page.goto(url).catch(fault => ({ status: () => fault.message.split('\n')[0] }));
    if (answer.status() !== 200) {
      broken.add(`${new URL(url).pathname} answers ${answer.status()}`);
      continue;
    }
    await shoot(page, [prefix, name, suffix].filter(Boolean).join('-'));
    const links = await page.locator('a[href]').evaluateAll(all => all.map(a => a.href));
    waiting.push(...links.filter(l => l.startsWith(within) && !skip.test(l) && !/[?&]lang=|\.csv|#/.test(l)).map(l => l.split('?')[0]));
  }
}

/** A guest buys one card of the first goods on the shelf, and each step is taken. */
async function buy(page, shop, suffix) {
  await page.goto(shop);
  await page.locator('main a[href*="/p/"]').first().click();
  await shoot(page, `storefront-product-${suffix}`);
  await page.click('button[formaction*="Cart"]');
  await page.waitForURL('**/cart');
  await shoot(page, `storefront-cart-${suffix}`);
  await page.goBack();
  await page.fill('input[name=contact]', 'guest@example.com');
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\//);
  await shoot(page, `storefront-pay-${suffix}`);
  // The code to scan is for desktops; on a phone it is the same look as the test channel's.
  await choose(page, 'wechat');
  await shoot(page, `storefront-pay-wechat-${suffix}`);
  await toTestCashier(page);
  await shoot(page, `storefront-cashier-${suffix}`);
  await page.click('button[value=Paid]');
  await page.waitForURL(/\/o\//);
  await page.locator('.card-code, [data-copy]').first().waitFor();
  await shoot(page, `storefront-result-${suffix}`);
}

/** What only a guest or an applicant sees: direct goods with a wrong account, a receipt, money back, an application. */
async function direct(page, suffix) {
  await page.goto(`${scene.shop}/p/${scene.direct}`);
  await shoot(page, `storefront-direct-${suffix}`);
  await page.fill('main [name="field.account"]', '123');
  await page.fill('#contact', '13012345678');
  await page.click('.buy-bar button');
  await page.locator('.error-summary').waitFor();
  await shoot(page, `storefront-direct-wrong-${suffix}`);
  for (const [name, account, words] of [['done', '13800138100', /SN\d+/], ['refused', '13800138102', /已退回|refunded|returned/i]]) {
    await topUp(page, `${scene.shop}/p/${scene.direct}`, account);
    await page.getByText(words).first().waitFor();
    await shoot(page, `storefront-direct-${name}-${suffix}`);
  }
  await page.goto(new URL('/apply', node.url).href);
  await shoot(page, `apply-${suffix}`);
  await page.goto(scene.status);
  await shoot(page, `apply-status-${suffix}`);
}

/** Pages of the operator that the walk passes by: it opens one of each kind only. */
async function directOrders(page, suffix) {
  for (const [name, order] of Object.entries(scene.orders)) {
    if (!['unknown', 'done'].includes(name)) continue;
    await page.goto(new URL(`/console/orders/${order}`, node.url).href);
    await shoot(page, `operator-orders-direct-${name}-${suffix}`);
  }
  await page.goto(new URL('/console/channels', node.url).href);
  await page.locator('main tbody a', { hasText: /微信|WeChat/ }).first().click();
  await page.locator('#try button').first().click();
  await page.locator('#try .alert').waitFor();
  await shoot(page, `operator-channels-wechat-${suffix}`);
  await page.goto(scene.connection);
  await page.locator('#try button.dominant').click();
  await page.locator('.exchange').waitFor();
  await shoot(page, `operator-connections-tried-${suffix}`);
}

for (const { suffix, ...look } of looks) {
  const shop = demo.merchants.find(m => m.level === 3).storefront_url;
  let page = await open(browser, look);
  await walk(page, shop, shop, 'storefront', suffix, /\/(pay|o)\//);
  await buy(page, shop, suffix);
  await direct(page, suffix);
  await page.goto(new URL('/login', node.url).href);
  await shoot(page, `login-${suffix}`);
  await page.context().close();

  for (const [role, person] of [['operator', demo.operator], ['merchant', demo.merchants.find(m => m.level === 2)], ['supplier', demo.suppliers[0]]]) {
    page = await open(browser, look);
    await logIn(page, node.url, person);
    await walk(page, new URL('/console', node.url).href, new URL('/console', node.url).href, role, suffix, /logout|products\/sheet|handler=|\/posters\/[^/]+\/.|\/supplier\/certificates\/(?!new)/);
    if (role === 'operator') await directOrders(page, suffix);
    await page.context().close();
  }
}

await browser.close();
await node.stop();
console.log(`${taken} pictures in docs/screens/`);
for (const page of broken) console.error(page);
process.exitCode = broken.size > 0 ? 1 : 0;
