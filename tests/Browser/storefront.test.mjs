import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './launch.mjs';
import { demoNode } from './node.mjs';

let browser, node, demo;

before(async () => {
  [browser, node] = await Promise.all([launch(), demoNode()]);
  demo = await node.demo();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

for (const javaScript of [true, false]) {
  test(`Every demo storefront fits a phone, ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
    const page = await open(browser, { width: 390, javaScript });
    for (const merchant of demo.merchants) {
      const answer = await page.goto(merchant.storefront_url);
      assert.equal(answer.status(), 200, merchant.storefront_url);
      // In the layout's own words rather than a script's, which may be off.
      const width = await page.locator('body').evaluate(body => body.scrollWidth);
      assert.ok(width <= 390, `${merchant.storefront_url} is ${width} px wide`);
      assert.ok(await page.locator('main a[href*="/p/"]').count() > 0, 'goods are on the shelf');
    }
    await page.context().close();
  });
}

test('A storefront speaks the language of the browser and can be switched', async () => {
  const page = await open(browser, { lang: 'en' });
  await page.goto(demo.merchants[0].storefront_url);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.goto(`${demo.merchants[0].storefront_url}?lang=zh-CN`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.reload();
  await page.goto(demo.merchants[0].storefront_url);
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN', 'the choice is remembered');
  await page.context().close();
});
