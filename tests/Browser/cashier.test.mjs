// How buyers pay: through the demo's simulated channels, which are another program with its own pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './launch.mjs';
import { demoNode } from './node.mjs';
import { choose } from './pay.mjs';

const inWeChat = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.49';
const onPhone = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36';

let browser, node, shop, simulator, orders = 0;

before(async () => {
  [browser, node] = await Promise.all([launch(), demoNode()]);
  const demo = await node.demo();
  shop = demo.merchants.find(m => m.level === 3).storefront_url;
  simulator = demo.channel_simulator;
  assert.ok(simulator, 'the demo has its channels');
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

/** What goes wrong at a channel from now on; nothing: all is well. */
async function behave(channel, behaviour = {}) {
  const answer = await fetch(`${simulator}/sim/behaviour?channel=${channel}`, { method: 'POST', body: JSON.stringify(behaviour) });
  assert.equal(answer.status, 204);
}

async function order(page, at = shop) {
  await page.goto(at);
  await page.locator('main a[href*="/p/"]').first().click();
  // Each its own: somebody who orders this often would be stopped.
  await page.fill('#contact', `cashier-${orders++}@example.com`);
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\/ord_/);
}

/** Presses "pay" and comes to the channel's own page. */
async function go(page) {
  await page.locator('main a.dominant').first().click();
  await page.waitForURL(url => url.origin === simulator);
}

async function hasCode(page) {
  await page.waitForURL(/\/o\/ord_/);
  const code = (await page.locator('output.code').first().textContent()).trim();
  assert.ok(code.length >= 8, 'the code is on the screen');
}

async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= page.viewportSize().width, `${page.url()} is ${wide} px wide`);
}

test('On a phone: Alipay is chosen, paid on its own page, and the code is there on coming back', async () => {
  const page = await open(browser, { width: 390, agent: onPhone });
  await order(page);
  await choose(page, 'alipay');
  await fits(page);
  await go(page);
  await page.click('#pay');
  await hasCode(page);
  // Remembered: the next order begins with it.
  await order(page);
  assert.equal(await page.locator('.ways button[value=alipay]').getAttribute('aria-current'), 'true');
  await page.context().close();
});

test('On a desktop: a WeChat code is paid on another device and the page goes on by itself', async () => {
  const page = await open(browser, { width: 1280 });
  await order(page);
  await choose(page, 'wechat');
  await page.locator('.pay-code svg').waitFor();
  const phone = await open(browser, { width: 390 });
  await phone.goto(await page.locator('main a[target=_blank]').getAttribute('href'));
  await phone.click('#pay');
  await hasCode(page);
  await page.context().close();
  await phone.context().close();
});

test('UnionPay takes a form and sends the buyer back by one, from another site', async () => {
  const page = await open(browser, { width: 390, agent: onPhone });
  // Under another name than the simulator's, so that the browser takes it for another site: cookies stay away from its forms.
  const elsewhere = shop.replace('127.0.0.1', 'localhost');
  await order(page, elsewhere);
  await choose(page, 'unionpay');
  await go(page);
  await page.click('#leave');
  await page.waitForURL(/\/pay\/ord_/);
  await page.locator('.ways').waitFor();
  // It cannot be closed there, and may have been paid: no other way now (F29).
  await page.locator('.ways button[value=alipay]').click();
  await page.getByText('还没有确认关闭').waitFor();
  await go(page);
  await page.click('#pay');
  await hasCode(page);
  await page.context().close();
});

test('The way is changed at once by who has not gone, and by who has after the channel has closed the first', async () => {
  const page = await open(browser, { width: 390, agent: onPhone });
  await order(page);
  for (const way of ['alipay', 'unionpay', 'card', 'wechat']) await choose(page, way);
  await go(page);
  const first = page.url();
  await page.goBack();
  await page.waitForURL(/\/pay\/ord_/);
  await choose(page, 'alipay');
  const other = await open(browser, { width: 390 });
  await other.goto(first);
  await other.getByText('已关闭').waitFor();
  await go(page);
  await page.click('#pay');
  await hasCode(page);
  await page.context().close();
  await other.context().close();
});

test('Inside WeChat the buyer is known to WeChat and pays by its script', async () => {
  const page = await open(browser, { width: 390, agent: inWeChat });
  await page.addInitScript(() => {
    window.WeixinJSBridge = { invoke: (name, fields, tell) => { window.asked = { name, fields }; tell({ err_msg: window.said ?? 'get_brand_wcpay_request:ok' }); } };
  });
  await order(page);
  await choose(page, 'wechat');
  const button = page.locator('[data-wechat-pay]');
  await button.waitFor();
  await fits(page);
  await page.evaluate(() => { window.said = 'get_brand_wcpay_request:cancel'; });
  await button.click();
  await page.getByText('没有付成').waitFor();
  await button.click();
  const { name, fields } = await page.evaluate(() => window.asked);
  assert.equal(name, 'getBrandWCPayRequest');
  assert.equal(fields.signType, 'RSA');
  const trade = /prepay_id=wx(\d+)/.exec(fields.package)[1];
  assert.equal((await fetch(`${simulator}/sim/trades/${trade}/pay`, { method: 'POST' })).status, 200);
  await hasCode(page);
  await page.context().close();
});

test('A channel that hangs or is down is told in words, and another one takes the money', async () => {
  const page = await open(browser, { width: 390, agent: onPhone });
  try {
    await behave('wechat', { hang_bps: 10_000, hang_ms: 20_000, only: ['create'] });
    await order(page);
    // What stands there while the channel is waited for, as the next page finds it.
    await page.evaluate(() => new MutationObserver(() => sessionStorage.setItem('said', document.querySelector('[aria-busy]')?.textContent ?? ''))
      .observe(document.body, { subtree: true, childList: true, attributes: true }));
    await page.locator('.ways button[value=wechat]').click();
    await page.getByText('支付通道暂时没有回应').waitFor();
    assert.match(await page.evaluate(() => sessionStorage.getItem('said')), /正在联系支付通道/);
    await behave('wechat', { down_bps: 10_000, only: ['create'] });
    await page.locator('.ways button[value=wechat]').click();
    await page.getByText('支付通道暂时没有回应').waitFor();
    await fits(page);
    await choose(page, 'card');
    await go(page);
    await page.click('#pay');
    await hasCode(page);
  } finally {
    await behave('wechat');
  }
  await page.context().close();
});

test('When the countdown ends the page says so', async () => {
  const page = await open(browser, { width: 390, agent: onPhone });
  await page.clock.install();
  await order(page);
  await page.clock.fastForward('14:10');
  assert.match(await page.locator('.countdown').innerText(), /00:\d\d/);
  await page.clock.fastForward('02:00');
  await page.getByText('付款时间已过').first().waitFor();
  await page.context().close();
});
