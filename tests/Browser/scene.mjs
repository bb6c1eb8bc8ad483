// What the demo alone does not have to show: orders of direct goods and their cases, documents, a contract, pictures, payouts, applications.
import { fill, settled } from './forms.mjs';
import { logIn, open } from './launch.mjs';
import { toTestCashier } from './pay.mjs';

const codeSigns = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code whose check character is right. */
function creditCode(seventeen) {
  const sum = [...seventeen].reduce((all, sign, i) => all + codeSigns.indexOf(sign) * (3 ** i % 31), 0);
  return seventeen + codeSigns[(31 - sum % 31) % 31];
}

/** A picture that is one colour with words on it, as a supplier would send it of a card, or of a document. */
async function drawn(browser, words, colour) {
  const page = await browser.newPage({ viewport: { width: 400, height: 400 } });
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh;background:${colour};color:#fff;font:700 40px sans-serif;text-align:center">${words}`);
  const buffer = await page.screenshot();
  await page.close();
  return { name: 'picture.png', mimeType: 'image/png', buffer };
}

/** A guest tops up an account; resolves with the number of the order, at its result. */
export async function topUp(page, product, account, { sku, contact = '13012345678' } = {}) {
  await page.goto(product);
  if (sku) await page.locator(`input[name=sku][value="${sku}"]`).check();
  await page.fill('main [name="field.account"]', account);
  await page.fill('#contact', contact);
  await page.click('.buy-bar button');
  await page.waitForURL('**/pay/**');
  await toTestCashier(page);
  await page.click('button[value=Paid]');
  await page.waitForURL(/\/o\//);
  return new URL(page.url()).pathname.split('/o/')[1];
}

/**
 * Sets the scene on a demo node.
 * @returns the shop's address and its direct goods, order numbers by what became of them, one connection's page, and the applicant's private page.
 */
export async function setScene(browser, node, demo) {
  const at = path => new URL(path, node.url).href;
  const [supplier] = demo.suppliers;
  const shop = demo.merchants.find(m => m.level === 3).storefront_url;
  const operator = await open(browser, { width: 1280 });
  await logIn(operator, node.url, demo.operator);
  const own = await open(browser, { width: 1280 });
  await logIn(own, node.url, supplier);

  // Memberships are delivered by hand from now on: that shows the pages on which people deliver.
  for (const who of demo.suppliers) {
    await operator.goto(at('/console/supplies'));
    const row = operator.locator('main tr', { hasText: 'canva-topup-month' }).filter({ hasText: who.name });
    if (await row.count() === 0) continue;
    await row.locator('a').first().click();
    await settled(operator);
    await operator.locator('main [name=connection_id]').selectOption('');
    await fill(operator, { upstream_code: '' });
  }

  const guest = await open(browser, { width: 390 });
  const orders = {};
  for (const [name, account] of [['failed', '13800138102'], ['hand', ''], ['unknown', '13800138104'], ['dear', '13800138105'], ['done', '13800138100']]) {
    orders[name] = name === 'hand'
      ? await topUp(guest, `${shop}/p/canva-topup`, 'guest@example.com', { sku: 'canva-topup-month' })
      : await topUp(guest, `${shop}/p/cmcc-topup`, account);
  }
  await guest.context().close();

  await own.goto(at('/console/supplier/certificates/new'));
  await own.setInputFiles('main input[type=file]', await drawn(browser, 'AUTHORISATION', '#445'));
  await fill(own, { brand: '执照', valid_from: '2026-01-01', valid_to: '2027-12-31' });
  await own.goto(at('/console/supplier/costs'));
  await fill(own, { supply: 'Steam', cost: '49.9900' });
  await own.goto(at('/console/supplier/proposals/new'));
  await own.setInputFiles('main input[type=file]', await drawn(browser, 'STEAM<br>50', '#1b2838'));
  await fill(own, { product: 'Steam', name_zh: 'Steam 钱包充值码（国区）', name_en: 'Steam wallet code (China)', description_zh: '国区 Steam 账号可用，充值后不过期。', description_en: 'For Steam accounts of China. The balance does not expire.', redeem_zh: '登录 Steam\n打开“兑换 Steam 钱包代码”\n输入卡密', redeem_en: 'Log in to Steam\nOpen "Redeem a wallet code"\nEnter the code' });
  await own.goto(at('/console/supplier/keys'));
  await fill(own, { name: 'ERP' });
  await own.goto(at('/console/supplier/bank'));
  await fill(own, { holder: '寰宇数卡科技有限公司', bank: '招商银行深圳分行', number: '6225880112345678' });

  await operator.goto(at('/console/products'));
  await operator.locator('main tr', { hasText: '中国移动话费直充' }).locator('a').first().click();
  await settled(operator);
  await operator.setInputFiles('main input[type=file]', await drawn(browser, '30 / 50 / 100', '#0b7a4b'));
  await fill(operator, {});
  await operator.goto(at('/console/connections'));
  const connection = at(await operator.locator('main tbody a').first().getAttribute('href'));
  await operator.goto(at(`/console/suppliers/${supplier.id}/contract`));
  await fill(operator, { commission_bps: '200', hold_seconds: '86400', regions: '广东, 浙江', note: '每月 5 日对账。' });

  const applicant = await open(browser, { width: 1280 });
  await applicant.goto(at('/apply'));
  await applicant.setInputFiles('main input[type=file]', await drawn(browser, 'LICENCE', '#733'));
  await fill(applicant, {
    company: '深圳星河数字科技有限公司', credit_code: creditCode('91440300MA5F1234X'), legal_person: '陈星', contact_name: '林河', phone: '13912345678',
    email: 'lin@example.com', bank_name: '招商银行深圳分行', bank_account: '755912345610201', goods: 'Steam 与 Xbox 充值码，每天约 2,000 张。', valid_to: '2030-12-31',
  });
  const status = applicant.url();
  await applicant.context().close();
  await operator.context().close();
  await own.context().close();
  return { shop, direct: 'cmcc-topup', orders, connection, status };
}
