// The shops of the demo, one of each theme, and the way through one.

const slugs = { calm: 'chenxi', bold: 'xingye', dense: 'haina' };

export const themes = Object.keys(slugs);

export function shopWith(demo, theme) {
  return demo.merchants.find(m => new URL(m.storefront_url).pathname === `/s/${slugs[theme]}`).storefront_url;
}

/** From the window over the first goods to the cashier; what is to be looked at on each page is looked at. */
export async function walkTo(page, shop, look) {
  await page.goto(shop);
  await look();
  await page.locator('main a[href*="/p/"]').first().click();
  await page.waitForURL(/\/p\//);
  await look();
  await page.fill('input[name=contact]', `guest${Date.now()}@example.com`);
  await page.click('form.buy-box button.dominant');
  await page.waitForURL(/\/pay\//);
  await look();
}
