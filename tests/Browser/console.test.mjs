// The console application: what it adds to the pages of the server.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fill, settled } from './forms.mjs';
import { launch, logIn, open } from './launch.mjs';
import { demoNode } from './node.mjs';

let browser, node, demo;
const at = path => new URL(path, node.url).href;

before(async () => {
  [browser, node] = await Promise.all([launch(), demoNode()]);
  demo = await node.demo();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

async function console_(path, options = {}, who = demo.operator) {
  const page = await open(browser, { width: 1440, ...options });
  const faults = [];
  page.on('pageerror', fault => faults.push(fault.message));
  page.on('console', message => { if (message.type() === 'error') faults.push(message.text()); });
  await logIn(page, node.url, who);
  await page.goto(at(path));
  await page.locator('.find-button').waitFor();
  return { page, faults, end: async () => { assert.deepEqual(faults, []); await page.context().close(); } };
}

test('Pages change without the document, the address goes along, and back is back', async () => {
  const { page, end } = await console_('/console/merchants');
  await page.evaluate(() => { window.isSameDocument = true; });
  const name = (await page.locator('main tbody a').first().innerText()).trim();
  await page.locator('main tbody a').first().click();
  await settled(page);
  assert.match(page.url(), /merchants\/mer_/);
  assert.equal(await page.locator('h1').innerText(), name);
  assert.equal(await page.title(), `${name} · Lianka`);
  await page.goBack();
  await settled(page);
  await page.getByRole('heading', { level: 1, name: '代理' }).waitFor();
  await page.goForward();
  await settled(page);
  assert.equal(await page.locator('h1').innerText(), name);
  assert.equal(await page.evaluate(() => window.isSameDocument), true);
  // A whole page at the same address says the same.
  await page.reload();
  assert.equal(await page.locator('h1').innerText(), name);
  await end();
});

test('The keyboard goes everywhere: find, go to, down the list, open', async () => {
  const { page, end } = await console_('/console/home');
  await page.keyboard.press('/');
  const input = page.getByRole('combobox', { name: '查找' });
  await input.waitFor();
  await page.keyboard.type('晨曦');
  await page.getByRole('option', { name: /晨曦数卡/ }).waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  await page.getByRole('heading', { level: 1, name: '晨曦数卡' }).waitFor();
  await page.keyboard.press('Control+k');
  await input.waitFor();
  await page.keyboard.type('试算');
  await page.getByRole('option', { name: /试算平衡/ }).waitFor();
  await page.keyboard.press('Enter');
  await settled(page);
  assert.match(page.url(), /trial-balance$/);
  // Keys are for the dialog until it has gone.
  await page.locator('.palette').waitFor({ state: 'hidden' });
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await settled(page);
  assert.match(page.url(), /\/console\/merchants$/);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const second = await page.locator('main tbody tr').nth(1).locator('a').first().innerText();
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), second.trim());
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键' }).waitFor();
  await page.keyboard.press('Escape');
  await end();
});

test('A list is put in order, loses a column, keeps its filter as a view, and is exported as it is filtered', async () => {
  const { page, end } = await console_('/console/products?q=Steam');
  const first = () => page.locator('main tbody tr').first().innerText();
  await page.getByRole('button', { name: '保存为视图' }).click();
  await page.fill('#view-name', '蒸汽');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('link', { name: '蒸汽' }).waitFor();
  const rows = await page.locator('main tbody tr').count();
  assert.ok(rows > 0);

  await page.getByRole('link', { name: '全部', exact: true }).click();
  await settled(page);
  assert.ok(await page.locator('main tbody tr').count() > rows);
  await page.getByRole('button', { name: '列' }).click();
  const columns = await page.locator('main thead th').count();
  const hidden = (await page.locator('.column-choice label').nth(1).innerText()).trim();
  await page.locator('.column-choice label').nth(1).click();
  assert.equal(await page.locator('main thead th').count(), columns - 1);
  await page.reload();
  await page.locator('.table-tools').waitFor();
  assert.equal(await page.locator('main thead th').count(), columns - 1, 'the choice is kept');

  // The server makes the file; asked for here, it is saved as soon as it is ready.
  for (const format of ['CSV', 'XLSX']) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `导出 ${format}` }).click()]);
    const bytes = await readFile(await file.path());
    assert.ok(file.suggestedFilename().endsWith(`.${format.toLowerCase()}`));
    if (format === 'CSV') {
      const lines = bytes.toString('utf8').trim().split('\r\n');
      assert.deepEqual([...bytes.subarray(0, 3)], [0xEF, 0xBB, 0xBF]);
      assert.ok(lines.length - 1 >= await page.locator('main tbody tr').count());
      assert.ok(lines.some(line => line.includes('Steam')));
      assert.ok(!lines[0].includes(hidden), 'a column that is not shown is not wanted');
    } else assert.equal(bytes.subarray(0, 2).toString(), 'PK');
  }

  // It waits under My files too, also for a browser without the application's help.
  await page.locator('.jobs').getByRole('link', { name: '我的文件' }).first().click();
  await settled(page);
  await page.getByRole('heading', { level: 1, name: '我的文件' }).waitFor();
  const kept = await page.locator('main tbody tr').count();
  assert.ok(kept >= 2);
  await Promise.all([page.waitForEvent('download'), page.locator('main tbody').getByRole('link', { name: '下载' }).first().click()]);
  await page.locator('main tbody').getByRole('button', { name: '删除' }).first().click();
  await settled(page);
  await page.getByText('已删除').waitFor();
  assert.equal(await page.locator('main tbody tr').count(), kept - 1);

  // One that a filter leaves a row or none of has its tools, too: a hidden column comes back there.
  await page.goto(at('/console/products?q=no-such-goods'));
  await page.getByRole('button', { name: '导出 XLSX' }).waitFor();
  await page.goto(at('/console/suppliers'));
  assert.ok(await page.locator('main tbody tr').count() < 5);
  await page.getByRole('button', { name: '导出 CSV' }).waitFor();
  await page.goto(at('/console/products?q=Steam'));
  assert.equal(await page.locator('main thead th').count(), columns - 1);
  await page.getByRole('button', { name: '列' }).click();
  await page.locator('.column-choice label').nth(1).click();
  assert.equal(await page.locator('main thead th').count(), columns);

  // Chosen rows go to a page that shows what would become of them.
  await page.goto(at('/console/products?q=Steam'));
  await page.locator('main thead .mark-cell label').click();
  await page.getByText(`勾选了 ${rows} 行`).waitFor();
  await page.getByRole('button', { name: '下架' }).click();
  await page.getByText(`勾选了 ${rows} 行，会改 ${rows} 行`).waitFor();
  assert.equal(await page.locator('main tbody tr').count(), rows);

  await page.goto(at('/console/products?q=Steam'));
  await page.getByRole('button', { name: '删除视图 蒸汽' }).click();
  await page.getByRole('button', { name: '保存为视图' }).waitFor();

  await page.goto(at('/console/levels'));
  await page.locator('main thead .sort').first().click();
  assert.equal(await page.locator('main thead th').first().getAttribute('aria-sort'), 'ascending');
  const up = await first();
  await page.locator('main thead .sort').first().click();
  assert.equal(await page.locator('main thead th').first().getAttribute('aria-sort'), 'descending');
  assert.notEqual(await first(), up);
  await end();
});

test('What was typed is not lost unasked; a form with a mistake comes back with it, keeps what was typed, and can be sent again', async () => {
  const { page, end, faults } = await console_('/console/products');
  const asked = [];
  let isLeft = false;
  page.on('dialog', dialog => { asked.push(dialog.message()); return isLeft ? dialog.accept() : dialog.dismiss(); });
  // What the browser does before it closes the tab or reads the page again: false, it asks.
  const goesUnasked = () => page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await page.locator('.side').getByRole('link', { name: '价格表' }).click();
  const price = page.locator('main tbody input.money').first();
  const before = await price.inputValue();
  await page.locator('main .filters button').click();
  await settled(page);
  await page.locator('main .mark-cell input').first().check();
  assert.equal(await goesUnasked(), true, 'marks change nothing');
  await price.fill('28.9999');
  for (const leave of [
    () => page.locator('main .filters button').click(), () => page.locator('.side').getByRole('link', { name: '代理', exact: true }).first().click(), () => page.evaluate(() => history.back()),
    () => page.getByRole('button', { name: '勾选的按规则改价' }).click(),
  ]) {
    const times = asked.length;
    await leave();
    for (let i = 0; asked.length === times && i < 100; i++) await page.waitForTimeout(50);
    await settled(page);
    assert.equal(asked.length, times + 1);
    assert.match(asked.at(-1), /没保存/);
    assert.match(page.url(), /\/console\/prices/);
    assert.equal(await price.inputValue(), '28.9999');
  }
  assert.equal(await goesUnasked(), false);
  await price.fill(before);
  assert.equal(await goesUnasked(), true, 'it is as it was');
  await price.fill('28.9999');
  isLeft = true;
  await page.locator('.side').getByRole('link', { name: '商品', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: '商品' }).waitFor();
  isLeft = false;
  asked.length = 0;

  await page.goto(at('/console/categories/new'));
  await page.fill('[name=name_zh]', '测试分类');
  await page.getByRole('link', { name: '不保存，返回' }).click();
  await page.getByRole('heading', { level: 1, name: '分类' }).waitFor();
  await page.goto(at('/console/categories/new'));
  await page.fill('[name=name_zh]', '测试分类');
  await page.fill('[name=slug]', 'NOT A SLUG');
  await page.locator('main form button.dominant').click();
  await settled(page);
  await page.locator('.error-summary').waitFor();
  assert.equal(await page.inputValue('[name=name_zh]'), '测试分类');
  assert.match(page.url(), /categories\/new$/);
  assert.equal(await goesUnasked(), false, 'it is not saved yet');
  await fill(page, { name_en: 'Test category', slug: `test-${Date.now().toString(36)}` });
  await page.locator('.alert.ok').first().waitFor();
  assert.equal(await goesUnasked(), true);
  assert.deepEqual(asked, []);
  // The browser itself tells of the answer 422; that is no fault of the page.
  faults.splice(0, faults.length, ...faults.filter(f => !f.includes('422')));
  await end();
});

test('What cannot be shown says why and by which number it can be asked about', async () => {
  const { page, end, faults } = await console_('/console/orders');
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = '/console/orders/none';
    document.querySelector('main').append(link);
    link.click();
  });
  const alert = page.locator('main .alert.error');
  await alert.getByText('没有这个页面').waitFor();
  assert.match(await alert.innerText(), /404 \S{8,}/);
  faults.splice(0, faults.length, ...faults.filter(f => !f.includes('404')));
  await end();
});

test('On a phone a file with prices is uploaded, looked at row by row, and done', async () => {
  const { page, end } = await console_('/console/prices/import', { width: 390 });
  const sku = demo.skus.find(s => s.sku === 'netease-30').sku;
  // Next to the present price, 28.1350: other tests buy these goods.
  const price = `28.135${Date.now() % 9 + 1}`;
  await page.setInputFiles('input[type=file]', { name: '价格.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF编码;一级代理\r\n${sku};${price}\r\nno-such;1\r\n`) });
  await page.locator('main form button.dominant').click();
  await page.locator('[data-word]', { hasText: '预览，还没办' }).waitFor();
  await page.getByText(price).waitFor();
  await page.getByRole('link', { name: '文件里用不了的行' }).click();
  await page.getByText('没有这个规格。').waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it scrolls sideways');
  await page.getByRole('button', { name: '改这 1 个价' }).click();
  await page.locator('[data-word]', { hasText: '完成' }).waitFor();
  await page.getByText('已改价').first().waitFor();
  await end();
});

test('On a phone: menu, search, a list of cards, dark, in English', async () => {
  const { page, end } = await console_('/console/orders', { width: 390, lang: 'en', dark: true });
  const fits = async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, page.url());
  await fits();
  await page.locator('.narrow-nav > summary').click();
  await page.locator('.narrow-nav').getByRole('link', { name: 'Money' }).click();
  await settled(page);
  assert.match(page.url(), /\/console\/accounts$/);
  assert.equal(await page.locator('.narrow-nav').getAttribute('open'), null, 'the menu closes');
  await fits();
  await page.locator('.find-button').click();
  await page.getByRole('combobox', { name: 'Find' }).fill('Chenxi');
  await page.locator('#hits').getByRole('option', { name: /Chenxi/ }).first().click();
  await settled(page);
  await page.getByRole('heading', { level: 1, name: /Chenxi/ }).waitFor();
  await fits();
  await end();
});

test('Merchant and supplier work in the same application', async () => {
  for (const [who, path, title] of [[demo.merchants[0], '/console/merchant/orders', '订单'], [demo.suppliers[0], '/console/supplier/stock', '']]) {
    const { page, end } = await console_(path, {}, who);
    if (title) assert.equal(await page.locator('h1').innerText(), title);
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await settled(page);
    assert.match(page.url(), /balance|money/);
    await end();
  }
});

test('A passkey made on this device opens the log-in without a password', async () => {
  // Passkeys belong to names, never to addresses.
  const base = node.url.replace('127.0.0.1', 'localhost');
  const page = await open(browser);
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await logIn(page, base, demo.merchants[0]);
  await page.goto(new URL('/console/passkeys', base).href);
  await fill(page, { own_password: demo.merchants[0].password });
  await page.getByRole('button', { name: '在这台设备上创建' }).click();
  await page.getByText('通行密钥已添加').waitFor();
  await page.getByText('还没用过').waitFor();

  await page.context().clearCookies();
  await page.goto(new URL('/login', base).href);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.waitForURL('**/console/merchant/home');
  await page.goto(new URL('/console/passkeys', base).href);
  await page.getByRole('button', { name: '删除' }).click();
  await page.getByText('还没有通行密钥').waitFor();

  // The device still has its half; here it opens nothing, and says so.
  await page.context().clearCookies();
  await page.goto(new URL('/login', base).href);
  await page.getByRole('button', { name: '用通行密钥登录' }).click();
  await page.getByText('这个通行密钥登录不了').waitFor();
  await page.context().close();
});

test('An owner gives a clerk a log-in, who finds orders on a phone and is told what is not for them', async () => {
  const { page, end } = await console_('/console/merchant/staff-roles/new', {}, demo.merchants[1]);
  await page.fill('main [name=name_zh]', '客服');
  await page.getByLabel('查订单、客户、评价').check();
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('.alert.ok').waitFor();
  await page.goto(at('/console/merchant/staff/new'));
  await fill(page, { name: '小林', login: 'clerk-lin', password: 'three quiet rivers', role: '客服' });
  await page.getByText('clerk-lin').waitFor();
  await end();

  const clerk = await open(browser);
  await logIn(clerk, node.url, { login: 'clerk-lin', password: 'three quiet rivers' });
  await clerk.waitForURL('**/console/merchant/orders');
  await clerk.locator('.find-button').waitFor();
  assert.equal(await clerk.locator('a[href*="/withdrawals"], a[href*="/keys"], a[href*="/staff"]').count(), 0, 'what is refused is not shown');
  await clerk.goto(at('/console/merchant/withdrawals/new'));
  await clerk.getByText('merchant.money').waitFor();
  assert.match(await clerk.locator('main').innerText(), /权限/);
  assert.ok(await clerk.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await clerk.context().close();
});

test('Without a script every page is there as before', async () => {
  const page = await open(browser, { width: 1440, javaScript: false });
  await logIn(page, node.url, demo.operator);
  await page.goto(at('/console/merchants'));
  assert.ok(await page.locator('main tbody tr').count() > 0);
  await page.context().close();
});
