// Follows docs/quarter-hour.md, from an empty data folder to the first sale, and looks at what everybody has of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fill, settled } from './forms.mjs';
import { launch, logIn, open } from './launch.mjs';
import { startNode } from './node.mjs';
import { toTestCashier } from './pay.mjs';

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

/** The picture's QR code as a scanner reads it. */
const decoder = await readFile(createRequire(import.meta.url).resolve('jsqr'), 'utf8');

function read(page, png) {
  return page.evaluate(async data => {
    const picture = new Image();
    picture.src = data;
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.width / 2, picture.height / 2];
    const pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return window.jsQR(pen.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height)?.data;
  }, `data:image/png;base64,${png.toString('base64')}`);
}

let link, order, page;

/** What a reader of the document does at each step, by its Chinese heading. */
const actions = {
  async 启动() {
    page = await open(browser, { width: 1280 });
    await page.goto(await setUpAddress());
  },

  async 建平台账号() {
    await fill(page, { name: '周敏', login: operator.login, password: operator.password, again: operator.password });
    assert.equal(new URL(page.url()).pathname, '/console/home');
  },

  async 建商品() {
    await next(page, '建分类');
    await fill(page, { name_zh: '游戏点卡', name_en: 'Game cards', slug: 'games' });
    await next(page, '建商品');
    await fill(page, { name_zh: 'Steam 钱包充值码', name_en: 'Steam wallet code', category_id: '游戏点卡', slug: 'steam-wallet', redeem_zh: '打开 Steam\n兑换', redeem_en: 'Open Steam\nRedeem' });
    await next(page, '加规格');
    await fill(page, { name_zh: '50 元', name_en: 'CNY 50', code: 'steam-50', face_value: '50.00', suggested_retail: '49.50', retail_floor: '47.00', retail_ceiling: '55.00' });
  },

  async 建供应商和货源() {
    await next(page, '建供应商');
    await fill(page, { name_zh: '海蓝点卡', name_en: 'Hailan cards', slug: 'hailan', login: supplier.login, password: supplier.password });
    await next(page, '建货源和进价');
    await fill(page, { sku_id: 'steam-50', supplier_id: '海蓝点卡', cost: '45.2500' });
  },

  async 导入卡密() {
    await next(page, '导入卡密');
    await fill(page, { supply: 'Steam', pasted: [...codes, codes[0]].join('\n') });
    await page.getByText('完成，有没入库的行').waitFor();
    assert.equal(await page.locator('[data-count=imported]').innerText(), '12');
    assert.equal(await page.locator('[data-count=duplicate_in_file]').innerText(), '1');
  },

  async 给各级定价() {
    await next(page, '给各级定价');
    await fill(page, {});
    const prices = page.locator('main table input.money');
    for (const [i, price] of ['46.0000', '46.5000', '47.0000'].entries()) await prices.nth(i).fill(price);
    await page.getByRole('button', { name: '保存价格' }).click();
    await page.getByText('价格已保存').waitFor();
  },

  async 看支付通道() {
    await page.goto(new URL('/console/channels', node.url).href);
    await page.locator('main tr', { hasText: 'test' }).first().waitFor();
  },

  async 建代理() {
    await next(page, '建代理');
    await fill(page, { name_zh: '星河点卡', name_en: 'Galaxy cards', slug: 'xinghe', level: '总代', login: seller.login, password: seller.password });
    await page.getByRole('link', { name: '上款 / 扣款' }).click();
    await fill(page, { amount: '1000', reason: '开户首充 20261122' });
    await page.getByText('已入账 1,000.0000').waitFor();
    await page.context().close();
    page = await open(browser, { width: 1280 });
    await logIn(page, node.url, seller);
  },

  async 开店铺() {
    await page.goto(new URL('/console/merchant/storefront', node.url).href);
    await page.locator('main a[href$="/storefront/new"]').first().click();
    await page.fill('main [name=name_zh]', '星河小店');
    await page.fill('main [name=brand]', '#0f6b5c');
    await page.locator('main input[name=theme][value=bold]').check();
    await page.fill('main [name=contact]', '微信 xinghe888');
    // Seen before it is saved, and nowhere else.
    const preview = page.frameLocator('.preview-screen iframe:not(.coming)');
    await preview.getByText('微信 xinghe888').waitFor();
    await preview.locator('.shop-name', { hasText: '星河小店' }).waitFor();
    assert.equal(await preview.locator('html').evaluate(html => getComputedStyle(html).getPropertyValue('--brand').trim()), '#0f6b5c');
    assert.equal((await page.request.get(new URL('/s/xinghe', node.url).href)).status(), 404);
    await fill(page, { name_en: 'Galaxy shop', slug: 'xinghe', notice_zh: '周末照常发货' });
    await page.getByText('接下来').waitFor();
  },

  async 一键上架() {
    await page.getByRole('link', { name: /上架商品/ }).click();
    await settled(page);
    await fill(page, { margin_bps: '0', added: '3.50' });
    await page.getByRole('button', { name: '上架这 1 个' }).click();
    await page.locator('main td', { hasText: '已上架' }).waitFor();
  },

  async 发链接和海报() {
    await page.goto(new URL('/console/merchant/storefront', node.url).href);
    await page.locator('main tbody a', { hasText: '星河小店' }).click();
    await settled(page);
    await page.getByRole('link', { name: /发出链接和海报/ }).click();
    const row = page.locator('main tr', { hasText: 'Steam' });
    link = await row.locator('a.mono').innerText();
    assert.equal(link, new URL('/s/xinghe/p/steam-wallet', node.url).href);
    await row.getByRole('link', { name: '看海报' }).click();
    const buttons = page.getByRole('button', { name: '存为图片（PNG）' });
    assert.equal(await buttons.count(), 3);
    await page.evaluate(decoder);
    for (let i = 0; i < 3; i++) {
      const [file] = await Promise.all([page.waitForEvent('download'), buttons.nth(i).click()]);
      assert.match(file.suggestedFilename(), /^xinghe-steam-wallet-(calm|bold|tag)\.png$/);
      assert.equal(await read(page, await readFile(await file.path())), link, file.suggestedFilename());
    }

    await page.context().close();
  },

  async 卖出第一单() {
    page = await open(browser, { width: 390 });
    await page.goto(link);
    await page.fill('input[name=contact]', 'guest@example.com');
    await page.click('form.buy-box button.dominant');
    await page.waitForURL(/\/pay\//);
    await toTestCashier(page);
    await page.click('button[value=Paid]');
    await page.waitForURL(/\/o\//);
    await page.getByText(/STEAM-TEST-\d{4}/).first().waitFor();
    await page.context().close();
  },
};

test('A shop from nothing, as the document tells it', async t => {
  const document = await readFile(new URL('../../docs/quarter-hour.md', import.meta.url), 'utf8');
  const steps = [...document.matchAll(/^## (\d+)\. (\S+) · .+$/gm)].map(m => ({ number: Number(m[1]), name: m[2] }));
  assert.deepEqual(steps.map(s => s.number), steps.map((_, i) => i + 1));
  assert.deepEqual(steps.map(s => s.name), Object.keys(actions), 'the document and what is done here have the same steps');
  let done = 0;
  for (const { number, name } of steps) {
    await t.test(`${number}. ${name}`, async () => {
      await actions[name]();
      done = number;
    });
    // Nobody goes on from a step that did not work.
    if (done !== number) return;
  }
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
