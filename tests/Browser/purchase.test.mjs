import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './launch.mjs';
import { demoNode } from './node.mjs';
import { choose, toTestCashier } from './pay.mjs';

let browser, node, shop;

before(async () => {
  [browser, node] = await Promise.all([launch(), demoNode()]);
  const demo = await node.demo();
  shop = demo.merchants.find(m => m.level === 3).storefront_url;
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

/** From the shop window to the shop's own cashier. */
async function order(page, contact) {
  await page.goto(shop);
  await page.locator('main a[href*="/p/"]').first().click();
  await page.fill('#contact', contact);
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\/ord_/);
}

/** What a person must never meet on a page: sideways scrolling, a request to somebody else, an error of a script. */
function watch(page) {
  const bad = [];
  page.on('pageerror', error => bad.push(`error: ${error.message}`));
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(node.url) && !url.startsWith('data:')) bad.push(`outside: ${url}`);
  });
  return bad;
}

for (const javaScript of [true, false]) {
  test(`A guest buys at 390 px from landing to the code on screen, ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
    const page = await open(browser, { width: 390, javaScript });
    const bad = watch(page);
    await order(page, 'guest@example.com');
    await toTestCashier(page);
    const pressed = Date.now();
    await page.click('button[value=Paid]');
    await page.waitForURL(/\/o\/ord_/);
    const code = (await page.locator('output.code').first().textContent()).trim();
    assert.ok(code.length >= 8, 'the code is on the screen');
    // "Holds the code within two seconds"; the limit is generous, because the machine of a test is not a shop's.
    assert.ok(Date.now() - pressed < 10_000, 'the code came at once');
    assert.equal(await page.locator('[data-copy]').first().isVisible(), javaScript, 'copy buttons show only where they work');
    assert.ok(await page.locator('body').evaluate(body => body.scrollWidth) <= 390, 'nothing sticks out');
    await page.locator('details:has(.pay-code) summary').first().click();
    assert.ok(await page.locator('.pay-code svg').first().isVisible(), 'the QR code unfolds');
    assert.deepEqual(bad, []);
    await page.context().close();
  });
}

for (const javaScript of [true, false]) {
  test(`A guest puts two goods into the cart and pays once, ${javaScript ? 'with' : 'without'} JavaScript`, async () => {
    const page = await open(browser, { width: 390, javaScript });
    const bad = watch(page);
    for (const sku of ['steam-20', 'steam-50']) {
      await page.goto(`${shop}/p/steam-wallet?sku=${sku}`);
      await page.click('button[formaction*="Cart"]');
      await page.waitForURL('**/cart');
    }

    if (javaScript) assert.equal(await page.locator('[data-cart]').textContent(), '2');
    assert.ok(await page.locator('body').evaluate(body => body.scrollWidth) <= 390, 'nothing sticks out');
    const shown = page.locator('.buy-bar [data-total]');
    const before = await shown.textContent();
    await page.fill('#contact', 'cart@example.com');
    await page.check('[name=remember]');
    // Typed and paid without leaving the field: the sum follows, and without scripts it is shown before anything is ordered.
    await page.locator('input[name="quantity.0"]').fill('2');
    if (!javaScript) {
      await page.click('.buy-bar button');
      await page.locator('.alert').waitFor();
      assert.equal(await page.inputValue('#contact'), 'cart@example.com');
      assert.ok(await page.isChecked('[name=remember]'));
    }
    assert.notEqual(await shown.textContent(), before);
    const total = `¥${await shown.textContent()}`;
    await page.click('.buy-bar button');
    await page.waitForURL(/\/pay\/ord_/);
    assert.equal((await page.locator('.cashier-amount .price').textContent()).trim(), total);
    await toTestCashier(page);
    await page.click('button[value=Paid]');
    await page.waitForURL(/\/o\/ord_/);
    assert.equal(await page.locator('output.code').count(), 2);
    await page.locator('.link-rows a').first().click();
    await page.waitForURL(/\/o\/ord_/);
    await page.locator('output.code').first().waitFor();
    assert.deepEqual(bad, []);
    await page.context().close();
  });
}

test('The open cashier page moves on by itself when the payment is made on another device', async () => {
  const page = await open(browser, { width: 390 });
  await order(page, '13800135567');
  const other = await open(browser, { width: 390 });
  await choose(page, 'test');
  const go = new URL(await page.locator('main a.dominant').getAttribute('href'), node.url).href;
  const { location } = (await page.request.get(go, { maxRedirects: 0 })).headers();
  await other.goto(new URL(location, node.url).href);
  await other.click('button[value=Paid]');
  // The other device is a stranger to the shop: it is asked for number and contact and sees no code.
  await other.waitForURL(/\/orders$/);
  assert.equal(await other.locator('output.code').count(), 0);
  await page.waitForURL(/\/o\/ord_/);
  await page.locator('output.code').first().waitFor();

  const number = new URL(page.url()).pathname.split('/').at(-1);
  await other.fill('#number', number);
  await other.fill('#contact', '138 0013 5567');
  await other.click('form.fields button.dominant');
  await other.waitForURL(/\/o\/ord_/);
  assert.equal(await other.locator('output.code').count(), 0, 'not without a press');
  await other.click('form.panel button.dominant');
  await other.locator('output.code').first().waitFor();
  await page.context().close();
  await other.context().close();
});

test('The total follows quantity and choice', async () => {
  const page = await open(browser, { width: 390 });
  await page.goto(`${shop}/p/steam-wallet`);
  const unit = async () => Number(await page.locator('[data-unit-shown]').textContent());
  const total = async () => Number(await page.locator('[data-total]').textContent());
  assert.equal(await total(), await unit());
  await page.click('[data-step="1"]');
  assert.equal(Math.round(await total() * 100), Math.round(await unit() * 200));
  const before = await unit();
  await page.locator('input[name=sku]:not([disabled]):not(:checked)').first().check({ force: true });
  assert.notEqual(await unit(), before);
  assert.equal(Math.round(await total() * 100), Math.round(await unit() * 200));
  await page.context().close();
});

test('A buyer who types nonsense is told where, and may go on', async () => {
  const page = await open(browser, { width: 390, javaScript: false });
  await page.goto(`${shop}/p/steam-wallet`);
  await page.fill('#contact', '12345');
  await page.click('form.buy-box button.dominant');
  assert.equal(await page.locator('#contact').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator('#contact').inputValue(), '12345');
  await page.fill('#contact', '13800135567');
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\/ord_/);
  // Not wanted after all: the stock goes back, nothing was charged.
  await page.click('form[action*="Cancel"] button');
  await page.waitForURL(/\/o\/ord_/);
  assert.match(await page.locator('h1').textContent(), /已取消/);
  await page.context().close();
});
