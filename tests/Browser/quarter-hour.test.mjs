import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fill, settled } from './forms.mjs';
import { launch, logIn, open } from './launch.mjs';
import { startNode } from './node.mjs';

const operator = { login: 'zhoumin', password: 'a long operator phrase' };
const seller = { login: 'xinghe', password: 'a long merchant phrase' };
const supplier = { login: 'hailan', password: 'a long supplier phrase' };
const codes = Array.from({ length: 12 }, (_, i) => `STEAM-TEST-${String(i + 1).padStart(4, '0')}-K7Q9`);

let browser, node;

before(async () => {
  [browser, node] = await Promise.all([launch(), startNode()]);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

async function setUpAddress() {
  for (let tries = 0; tries < 100; tries++) {
    const found = /(http:\S+\/setup\?token=\w+)/.exec(node.output());
    if (found) return found[1];
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`No set-up address was printed:\n${node.output()}`);
}

/** From the checklist to its next step, by the button that leads there. */
async function next(page, title) {
  await page.goto(new URL('/console/home', node.url).href);
  const button = page.locator('main a.dominant').last();
  assert.equal((await button.innerText()).trim(), title);
  await button.click();
  await settled(page);
}

async function fits(page, width) {
  const wide = await page.locator('body').evaluate(body => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${page.url()} is ${wide} px wide`);
}

let shop, order;

test('An operator goes from an empty data folder to an open shop through the pages alone', async () => {
  const page = await open(browser, { width: 1280 });
  await page.goto(await setUpAddress());
  await fill(page, { name: '周敏', login: operator.login, password: operator.password, again: operator.password });
  assert.equal(new URL(page.url()).pathname, '/console/home');

  await next(page, '建分类');
  await fill(page, { name_zh: '游戏点卡', name_en: 'Game cards', slug: 'games' });
  await next(page, '建商品');
  await fill(page, { name_zh: 'Steam 钱包充值码', name_en: 'Steam wallet code', category_id: '游戏点卡', slug: 'steam-wallet', redeem_zh: '打开 Steam\n兑换', redeem_en: 'Open Steam\nRedeem' });
  await next(page, '加规格');
  await fill(page, { name_zh: '50 元', name_en: 'CNY 50', code: 'steam-50', face_value: '50.00', suggested_retail: '49.50', retail_floor: '47.00', retail_ceiling: '55.00' });
  await next(page, '建供应商');
  await fill(page, { name_zh: '海蓝点卡', name_en: 'Hailan cards', slug: 'hailan', login: supplier.login, password: supplier.password });
  await next(page, '建货源和进价');
  await fill(page, { sku_id: 'steam-50', supplier_id: '海蓝点卡', cost: '45.2500' });

  await next(page, '导入卡密');
  await fill(page, { supply: 'Steam', pasted: [...codes, codes[0]].join('\n') });
  await page.getByText('完成，有没入库的行').waitFor();
  assert.equal(await page.locator('[data-count=imported]').innerText(), '12');
  assert.equal(await page.locator('[data-count=duplicate_in_file]').innerText(), '1');

  await next(page, '给各级定价');
  await fill(page, {});
  const prices = page.locator('main table input');
  for (const [i, price] of ['46.0000', '46.5000', '47.0000'].entries()) await prices.nth(i).fill(price);
  await page.getByRole('button', { name: '保存价格' }).click();
  await page.getByText('价格已保存').waitFor();

  await next(page, '建代理');
  await fill(page, { name_zh: '星河点卡', name_en: 'Galaxy cards', slug: 'xinghe', level: '总代', login: seller.login, password: seller.password });
  await page.getByRole('link', { name: '上款 / 扣款' }).click();
  await fill(page, { amount: '1000', reason: '开户首充 20261122' });
  await page.getByText('已入账 1,000.0000').waitFor();

  await next(page, '开店铺');
  await fill(page, { merchant: '星河点卡', name_zh: '星河小店', name_en: 'Galaxy shop', slug: 'xinghe' });
  await next(page, '定零售价，上架');
  await page.locator('main table input').first().fill('49.50');
  await page.getByRole('button', { name: '保存零售价' }).click();
  await page.getByText('1 个零售价已保存').waitFor();
  await next(page, '卖出第一单');
  shop = page.url();
  assert.match(shop, /\/s\/xinghe/);
  await page.context().close();
});

test('A guest makes the first sale in the new shop', async () => {
  const page = await open(browser, { width: 390 });
  await page.goto(shop);
  await page.locator('main a[href*="/p/"]').first().click();
  await page.fill('input[name=contact]', 'guest@example.com');
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\/|\/sim\//);
  if (/\/pay\//.test(page.url())) await page.locator('main a.dominant, main button.dominant').first().click();
  await page.waitForURL(/\/sim\/cashier/);
  await page.click('button[value=Paid]');
  await page.waitForURL(/\/o\//);
  await page.getByText(/STEAM-TEST-\d{4}/).first().waitFor();
  await page.context().close();
});

test('The operator sees the sale, who earned what, and that the books balance', async () => {
  const page = await open(browser, { width: 1280 });
  await logIn(page, node.url, operator);
  await page.goto(new URL('/console/orders', node.url).href);
  await page.locator('main tbody a.mono').first().click();
  await settled(page);
  order = new URL(page.url()).pathname.split('/').pop();
  const shares = page.locator('section', { hasText: '谁得多少' }).last();
  await shares.getByText('45.2500').waitFor();
  // 49.5000 − 46.0000 − the channel's fee of 0.3000.
  await shares.getByText('3.2000').waitFor();
  await shares.getByText('0.7500').waitFor();
  await page.getByText('看过卡密').waitFor();
  assert.equal(await page.getByText(/STEAM-TEST/).count(), 0, 'staff never see a code');
  await page.goto(new URL('/console/trial-balance', node.url).href);
  await page.getByText('平衡：借贷差额 0.0000').waitFor();
  await page.context().close();
});

test('The merchant sees the earning of that sale, buys from the wallet and reads the codes, on a phone', async () => {
  const page = await open(browser, { width: 390 });
  await logIn(page, node.url, seller);
  await page.goto(new URL('/console/merchant/earnings', node.url).href);
  await page.locator('main table', { hasText: '自己的店铺' }).getByText('3.2000').first().waitFor();
  await fits(page, 390);
  await page.goto(new URL(`/console/merchant/orders/${order}`, node.url).href);
  await page.getByText('+3.2000').waitFor();
  await fits(page, 390);

  await page.goto(new URL('/console/merchant/buy', node.url).href);
  await page.selectOption('select[name=sku]', 'steam-50');
  await page.fill('input[name=quantity]', '2');
  await page.getByRole('button', { name: '看价格' }).click();
  await page.getByText('92.0000').waitFor();
  await page.getByRole('button', { name: '确认下单' }).click();
  await page.getByRole('button', { name: '查看 2 张卡密' }).click();
  assert.equal((await page.locator('#codes').innerText()).trim().split('\n').length, 2);
  await page.goto(new URL('/console/merchant/balance', node.url).href);
  await page.getByText('908.0000').first().waitFor();
  await fits(page, 390);
  await page.context().close();
});

test('The supplier sees what was sold and what is owed', async () => {
  const page = await open(browser, { width: 390 });
  await logIn(page, node.url, supplier);
  await page.goto(new URL('/console/supplier/sales', node.url).href);
  await page.locator('main tfoot').getByText('3').first().waitFor();
  await page.goto(new URL('/console/supplier/lots', node.url).href);
  await page.locator('main td[data-label=剩余]').getByText('9').waitFor();
  await fits(page, 390);
  await page.context().close();
});

test('The main steps fit a phone', async () => {
  const page = await open(browser, { width: 390 });
  await logIn(page, node.url, operator);
  for (const path of ['home', 'orders', 'products', 'products/new', 'supplies', 'imports/new', 'lots', 'prices', 'merchants', 'merchants/new',
    'storefronts', 'accounts', 'trial-balance', 'settings', 'audit', `orders/${order}`, `orders/${order}/refund`]) {
    const answer = await page.goto(new URL(`/console/${path}`, node.url).href);
    assert.equal(answer.status(), 200, path);
    await fits(page, 390);
  }
  await page.context().close();
});
