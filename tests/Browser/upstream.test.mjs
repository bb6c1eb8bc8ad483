// A supplier's system is connected by configuration alone, and sells: the ten minutes of docs/upstreams.md, against the demo's simulator.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fill, settled } from './forms.mjs';
import { launch, logIn, open } from './launch.mjs';
import { startNode } from './node.mjs';
import { toTestCashier } from './pay.mjs';

let browser, node, demo, shop;

before(async () => {
  [browser, node] = await Promise.all([launch(), startNode({ scenario: 'three-level-agents' })]);
  demo = await node.demo();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

const at = path => new URL(path, node.url).href;

async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= page.viewportSize().width, `${page.url()} is ${wide} px wide`);
}

test('An operator connects a system from a template, tries it, and sells through it', async () => {
  const page = await open(browser, { width: 1280 });
  const simulator = /simulated suppliers at (http:\S+?);/.exec(node.output())[1];
  await logIn(page, node.url, demo.operator);
  await page.goto(at('/console/connections/templates'));
  await page.getByRole('link', { name: '卡易信 3.0' }).click();
  await settled(page);
  await fill(page, { name: '联通直充', supplier_id: '云桥卡券', base_url: simulator, secret_app_id: '20001', secret_secret: 'sim-key-wrong' });

  // A wrong key shows before anything is sold.
  await page.locator('#try button.dominant').click();
  await settled(page);
  await page.locator('.exchange').getByText('签名错误').waitFor();
  await page.locator('main input[name=secret_secret]').fill('sim-key-20001');
  await page.locator('main form button.dominant').last().click();
  await settled(page);
  await page.locator('#try button.dominant').click();
  await settled(page);
  await page.locator('.exchange').getByText('余额', { exact: true }).waitFor();
  const exchange = await page.locator('.exchange').innerText();
  assert.match(exchange, /getAccount/);
  assert.doesNotMatch(exchange, /sim-key/, 'a secret stands on the page');

  await page.goto(at('/console/products/new'));
  await fill(page, { name_zh: '中国联通话费直充', name_en: 'China Unicom direct top-up', category_id: '话费充值', slug: 'cucc-topup' });
  await page.getByRole('link', { name: '加规格' }).first().click();
  await settled(page);
  await fill(page, {
    name_zh: '30 元', name_en: 'CNY 30', code: 'cucc-topup-30', kind: '直充', face_value: '30.00', qty_max: '10', fields: 'account | phone | 手机号 | Phone number | 联通',
    suggested_retail: '29.95', retail_floor: '29.00', retail_ceiling: '31.00',
  });
  await page.goto(at('/console/supplies/new'));
  // What it costs there, to the fen; the cap of a purchase.
  await fill(page, { sku_id: 'cucc-topup-30', supplier_id: '云桥卡券', cost: '9.90', connection_id: '联通直充', upstream_code: '5001' });
  await page.goto(at('/console/prices?q=cucc-topup-30'));
  const prices = page.locator('main tr', { hasText: 'cucc-topup-30' }).locator('input.money');
  for (const [i, price] of ['29.10', '29.20', '29.30'].entries()) await prices.nth(i).fill(price);
  await page.getByRole('button', { name: '保存价格' }).click();
  await page.getByText('价格已保存').waitFor();

  const merchant = demo.merchants.find(m => m.level === 3);
  shop = merchant.storefront_url;
  await page.goto(at(`/console/merchants/${merchant.id}/shelf`));
  await page.locator('main tr', { hasText: 'cucc-topup-30' }).locator('input').first().fill('29.95');
  await page.getByRole('button', { name: '保存零售价' }).first().click();
  await page.getByText('零售价已保存').waitFor();
  await page.context().close();
});

test('A buyer on a phone is topped up and sees the receipt, and a wrong number gives the money back', async () => {
  const page = await open(browser, { width: 390 });
  for (const [account, words] of [['13012345100', '充值成功'], ['13012345102', '已退回']]) {
    await page.goto(`${shop}/p/cucc-topup`);
    assert.equal(await page.locator('main').getByText('卡密').count(), 0, 'a top-up promises no code');
    await page.fill('[name="field.account"]', account);
    await page.fill('#contact', '13012345678');
    await fits(page);
    await page.click('.buy-bar button');
    await page.waitForURL('**/pay/**');
    assert.equal(await page.locator('main').getByText('卡密').count(), 0);
    await toTestCashier(page);
    await page.click('button[value=Paid]');
    await page.waitForURL(/\/o\//);
    await page.getByRole('heading', { name: words }).waitFor();
    if (words === '充值成功') await page.getByText(/^SN\d+$/).waitFor();
    await fits(page);
  }

  await page.goto(`${shop}/p/cucc-topup`);
  await page.fill('[name="field.account"]', '13800138000');
  await page.fill('#contact', '13012345678');
  await page.click('.buy-bar button');
  await page.getByText('该号码属于移动').first().waitFor();
  await page.context().close();
});

test('The operator sees in the order where it was bought and what it cost', async () => {
  const page = await open(browser, { width: 390 });
  await logIn(page, node.url, demo.operator);
  await page.goto(at('/console/orders'));
  await page.locator('main tbody a.mono').nth(1).click();
  await settled(page);
  await page.getByText('云桥卡券').first().waitFor();
  await fits(page);
  for (const path of ['connections', 'cases', 'supplies']) {
    await page.goto(at(`/console/${path}`));
    await fits(page);
  }
  await page.context().close();
});
