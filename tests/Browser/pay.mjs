// The cashier of a shop, as tests use it.

/** Chooses a way to pay, if it is not the open one already. */
export async function choose(page, way) {
  const button = page.locator(`main .ways button[value="${way}"]`);
  if (await button.count() === 0 || await button.getAttribute('aria-current') === 'true') return;
  await button.click();
  await page.locator(`main .ways button[value="${way}"][aria-current=true]`).waitFor();
}

/** To the cashier of the test channel, which stands in the node itself. */
export async function toTestCashier(page) {
  await choose(page, 'test');
  await page.locator('main a.dominant').first().click();
  await page.waitForURL(/\/sim\/cashier\//);
}
