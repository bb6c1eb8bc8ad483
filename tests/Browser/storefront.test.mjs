import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './launch.mjs';
import { demoNode } from './node.mjs';
import { shopWith, themes, walkTo } from './shops.mjs';

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

for (const theme of themes) {
  test(`In the theme ${theme} nothing is wider than a phone, from the window to the cashier`, async () => {
    for (const lang of ['zh-CN', 'en']) {
      const page = await open(browser, { width: 390, lang });
      await walkTo(page, shopWith(demo, theme), async () => {
        const sheets = await page.locator('link[rel=stylesheet]').evaluateAll(all => all.map(l => new URL(l.href).pathname));
        assert.deepEqual(sheets.filter(s => s.startsWith('/assets/shop-')), theme === 'calm' ? [] : [`/assets/shop-${theme}.css`]);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, page.url());
        const cut = await page.locator('.price').evaluateAll(all => all.filter(p => p.scrollWidth > p.clientWidth && p.clientWidth > 0).map(p => p.textContent));
        assert.deepEqual(cut, [], 'a price is cut off');
        const small = await page.locator('main a, main button, header a').evaluateAll(all => all.filter(a => !a.closest('.crumbs, .section-head, .prose, h3') && a.clientHeight > 0 && a.offsetHeight < 44).map(a => a.outerHTML.slice(0, 120)));
        assert.deepEqual(small, [], 'a thumb misses it');
      });
      await page.context().close();
    }
  });
}

test('A phone number is checked while it is typed, and leaves the values of its carrier', async () => {
  const page = await open(browser);
  await page.goto(`${shopWith(demo, 'calm')}/c/phone`);
  const [note, values] = [page.locator('#field-account-note'), page.locator('[data-carriers]')];
  const typed = async number => {
    const answer = page.waitForResponse('**/check');
    await page.fill('#field-account', number);
    await answer;
  };
  await typed('1380013');
  await page.locator('#field-account').blur();
  await note.filter({ hasText: '11 位' }).waitFor();
  await typed('18612345678');
  await values.first().waitFor({ state: 'hidden' });
  assert.match(await note.textContent(), /没有能充这个号码/);
  await typed('138 0013 8000');
  await note.filter({ hasText: /^移动$/ }).waitFor();
  await values.first().waitFor();
  await page.locator('.values .choice').first().click();
  await page.fill('input[name=contact]', 'phone@example.com');
  await page.click('form.top-up button.dominant');
  await page.waitForURL(/\/pay\//);
  await page.context().close();
});

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

test('The block of data for search engines is read and not run, and the policy has nothing against it', async () => {
  const page = await open(browser);
  const complaints = [];
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', fault => complaints.push(String(fault)));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective}`)));
  await page.goto(demo.merchants[0].storefront_url);
  await page.locator('main a[href*="/p/"]').first().click();
  await page.waitForURL(/\/p\//);
  const about = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent());
  assert.deepEqual(about['@graph'].map(thing => thing['@type']), ['Product', 'BreadcrumbList']);
  assert.equal(about['@graph'][0].name, await page.locator('h1').textContent());
  assert.equal(await page.locator('script:not([src]):not([type="application/ld+json"])').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('A browser takes a shop for one that can stand on a home screen', async () => {
  const page = await open(browser);
  await page.goto(demo.merchants[0].storefront_url);
  const devtools = await page.context().newCDPSession(page);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  for (const icon of manifest.icons) {
    const side = await page.evaluate(src => new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => resolve(image.naturalWidth);
      image.onerror = () => reject(new Error(`${src} is no picture`));
      image.src = src;
    }), icon.src);
    assert.equal(`${side}x${side}`, icon.sizes);
  }
  await page.context().close();
});
