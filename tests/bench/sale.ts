import type { Browser } from '@playwright/test'
import { ADDRESSES } from '../e2e/support/addresses'

/** One figure a sale, in milliseconds; in the first, what a page loads when it is first needed is still on its way. */
export interface SaleFigures { readonly placedToRow: readonly number[], readonly paidToScreen: readonly number[] }

/** From 'Place order' to the merchant's row, and from the payment at the wallet to the shopper's screen: two browsers, one relay. */
export async function measureSales(browser: Browser, sales = 5): Promise<SaleFigures> {
  const enter = async (who: 'shopper' | 'merchant') => {
    const context = await browser.newContext({ baseURL: ADDRESSES.app, viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    await page.goto('')
    await page.getByText('Alpine wildflower honey').first().waitFor()
    await page.goto('#/sign-in')
    await page.getByText(`Try it as a ${who}`).click()
    await page.waitForURL(url => !url.hash.includes('sign-in'))
    return page
  }
  const merchant = await enter('merchant')
  await merchant.goto('#/desk/orders')
  const page = await enter('shopper')
  const placedToRow: number[] = []
  const paidToScreen: number[] = []
  for (let sale = 0; sale < sales; sale++) {
    await page.goto('#/')
    await page.getByText('Chestnut honey').first().click()
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByText(/View cart/).first().waitFor()
    await page.goto('#/cart')
    await page.getByRole('link', { name: /check ?out/i }).or(page.getByRole('button', { name: /check ?out/i })).first().click()
    await page.selectOption('#checkout-country', 'Austria')
    await page.getByText('Alps and neighbours').click()
    await page.fill('#checkout-name', 'Ida Berg')
    await page.fill('#checkout-address', 'Seestrasse 4')
    const rows = await merchant.locator('[data-test=desk-row]').count()
    const row = merchant.locator('[data-test=desk-row]').nth(rows).waitFor({ state: 'attached' }).then(() => Date.now())
    const placed = Date.now()
    await page.getByRole('button', { name: /^Place order/ }).click()
    placedToRow.push(await row - placed)
    await page.getByRole('button', { name: /copy invoice/i }).click()
    const bolt11 = await page.evaluate(() => navigator.clipboard.readText())
    // Within the invoice's own second nobody pays; the merchant's next word would wait for the next one.
    await page.waitForTimeout(1_500)
    const shown = page.getByRole('heading', { name: /^Paid,/ }).first().waitFor().then(() => Date.now())
    const answer = await fetch(`${ADDRESSES.wallet}/control/pay`, { method: 'POST', body: JSON.stringify({ bolt11 }) })
    await answer.json()
    const paid = Date.now()
    paidToScreen.push(await shown - paid)
  }
  await Promise.all([merchant.context().close(), page.context().close()])
  return { placedToRow, paidToScreen }
}
