// The site below a path of its host, behind a proxy that knows nothing else of it.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { after, before, test } from 'node:test';
import { fill, settled } from './forms.mjs';
import { launch, open } from './launch.mjs';
import { demoNode, prefix } from './node.mjs';
import { toTestCashier } from './pay.mjs';

let browser, node, demo, proxy, site;

before(async () => {
  [browser, node] = await Promise.all([launch(), demoNode()]);
  demo = await node.demo();
  proxy = createServer((asked, answer) => {
    if (!asked.url.startsWith(`${prefix}/`)) return answer.writeHead(404).end('Another site');
    const onward = request(new URL(asked.url, node.url), { method: asked.method, headers: asked.headers }, given => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise(resolve => proxy.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${proxy.address().port}${prefix}/`;
});

after(async () => {
  await browser?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  await node?.stop();
});

/** What leaves the path, what is not there, and what scripts complain of. */
function watch(page) {
  const bad = [];
  page.on('pageerror', fault => bad.push(fault.message));
  page.on('console', message => { if (message.type() === 'error') bad.push(message.text()); });
  page.on('response', answer => {
    if (!answer.url().startsWith(site) && !answer.url().startsWith('data:')) bad.push(`outside: ${answer.url()}`);
    else if (answer.status() >= 400) bad.push(`${answer.status()} ${answer.url()}`);
  });
  return bad;
}

test('The operator works below a path of the host', async () => {
  const page = await open(browser, { width: 1280 });
  const bad = watch(page);
  await page.goto(new URL('console', site).href);
  const stream = page.waitForResponse(answer => answer.url() === `${site}console/api/events` && answer.ok());
  await page.fill('input[name=login]', demo.operator.login);
  await page.fill('input[name=password]', demo.operator.password);
  await page.click('main form button.dominant');
  await page.locator('.find-button').waitFor();
  await stream;
  await page.evaluate(() => { window.isSameDocument = true; });
  // Where one is, is shown.
  await page.locator('.side a[href$="/console/merchants"]').first().click();
  await settled(page);
  await page.locator('.side a[href$="/console/merchants"][aria-current]').first().waitFor();
  await page.locator('main tbody a').first().click();
  await settled(page);
  assert.ok(page.url().startsWith(`${site}console/merchants/mer_`));
  await page.goBack();
  await settled(page);
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('晨曦');
  await page.locator('.hit').first().waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.ok(page.url().startsWith(`${site}console/`));
  // A form goes there, and its answer comes back.
  await page.goto(new URL('console/products', site).href);
  await page.locator('main tbody a').first().click();
  await settled(page);
  await fill(page, {});
  await page.locator('.alert.ok').waitFor();
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: '深色' }).click();
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark', 'the colours are kept by a cookie of this path');
  const cookies = await page.context().cookies();
  assert.deepEqual([...new Set(cookies.map(c => c.path))], [`${prefix}/`]);
  assert.deepEqual(bad, []);
  await page.context().close();
});

test('A guest buys below a path of the host', async () => {
  const page = await open(browser, { width: 390 });
  const bad = watch(page);
  const shop = new URL(demo.merchants.find(m => m.level === 3).storefront_url).pathname.slice(1);
  await page.goto(new URL(shop, site).href);
  await page.locator('main a[href*="/p/"]').first().click();
  await page.fill('#contact', 'prefix@example.com');
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\/ord_/);
  await toTestCashier(page);
  await page.click('button[value=Paid]');
  await page.waitForURL(/\/o\/ord_/);
  assert.ok((await page.locator('output.code').first().textContent()).trim().length >= 8);
  assert.deepEqual(bad, []);
  await page.context().close();
});
