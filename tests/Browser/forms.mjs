// Forms of the consoles.
import assert from 'node:assert/strict';

/** Waits until the page that was asked for is there, whether the browser opens it or the console application. */
export async function settled(page) {
  await page.waitForLoadState();
  await page.waitForFunction(() => !document.querySelector('main[aria-busy="true"]'));
}

/** Fills the form's fields by name, choosing by label where it is a list, and sends it. */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main [name="${name}"]`).last();
    if (await field.evaluate(f => f.tagName) === 'SELECT') {
      const option = await field.locator('option').evaluateAll((all, part) => all.find(o => o.textContent.includes(part))?.value, value);
      assert.ok(option, `${page.url()}: ${name} offers no "${value}"`);
      await field.selectOption(option);
    } else await field.fill(value);
  }
  await page.locator('main form button.dominant').last().click();
  await settled(page);
  if (await page.locator('.error-summary').count() > 0) assert.fail(`${page.url()}: ${await page.locator('.error-summary').innerText()}`);
}
