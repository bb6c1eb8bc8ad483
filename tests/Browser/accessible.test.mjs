// Every screen that can be opened without an own number, in the eyes of axe: nothing serious.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, logIn, open } from './launch.mjs';
import { demoNode } from './node.mjs';
import { shopWith, themes, walkTo } from './shops.mjs';

let browser, node, demo, axe;

before(async () => {
  [browser, node, axe] = await Promise.all([launch(), demoNode(), readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')]);
  demo = await node.demo();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

/** The serious and critical findings, as lines to read. */
async function faults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`));
  return found.map(line => `${new URL(page.url()).pathname}: ${line}`);
}

for (const [role, options] of [['operator', { width: 1440 }], ['merchant', { width: 390, dark: true, lang: 'en' }], ['supplier', { width: 390 }]]) {
  test(`The consoles of the ${role}`, async () => {
    const page = await open(browser, options);
    await logIn(page, node.url, role === 'operator' ? demo.operator : role === 'merchant' ? demo.merchants[0] : demo.suppliers[0]);
    await page.locator('.find-button').waitFor();
    const pages = await page.evaluate(() => JSON.parse(document.getElementById('boot').textContent).tasks.flatMap(t => t.pages.map(p => p.href)));
    const all = [];
    if (role === 'merchant') pages.unshift('/console/merchant/storefront/new');
    for (const path of pages) {
      await page.goto(new URL(path, node.url).href);
      await page.locator('.find-button').waitFor();
      all.push(...await faults(page));
    }

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    all.push(...await faults(page));
    assert.deepEqual(all, []);
    await page.context().close();
  });
}

for (const theme of themes) {
  for (const dark of [false, true]) {
    test(`A shop of the theme ${theme}, ${dark ? 'dark' : 'light'}, from its window to the cashier`, async () => {
      const page = await open(browser, { width: 390, dark });
      const shop = shopWith(demo, theme);
      const all = [];
      for (const path of ['orders', 'help', 'search?q=Steam', 'c/phone', 'c/games']) {
        await page.goto(`${shop}/${path}`);
        all.push(...await faults(page));
      }

      await walkTo(page, shop, async () => all.push(...await faults(page)));
      await page.goto(shop);
      await page.locator('main a[href*="/p/"]').first().click();
      await page.click('button[formaction*="Cart"]');
      await page.waitForURL('**/cart');
      all.push(...await faults(page));
      assert.deepEqual(all, []);
      await page.context().close();
    });
  }
}
