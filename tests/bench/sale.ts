import type { Browser, Page } from '@playwright/test'
import { ADDRESSES } from '../e2e/support/addresses'

/** One figure a sale, in milliseconds; in the first, what a page loads when it is first needed is still on its way. */
export interface SaleFigures { readonly placedToRow: readonly number[], readonly paidToDesk: readonly number[], readonly paidToScreen: readonly number[] }

export type Source = 'nwc' | 'lnbits' | 'lightning-address'

/**
 * From 'Place order' to the merchant's row, and from the payment at the wallet to both screens: two browsers, one relay.
 * @param source how the merchant's wallet is reached
 */
export async function measureSales(browser: Browser, source: Source, sales: number): Promise<SaleFigures> {
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
  await connect(merchant, source)
  await merchant.goto('#/desk/orders')
  const page = await enter('shopper')
  const placedToRow: number[] = []
  const paidToDesk: number[] = []
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
    const number = /ORD-\d{4}-\w{6}/.exec(await page.getByRole('heading', { level: 1 }).filter({ hasText: /ORD-/ }).innerText())?.[0] ?? ''
    const seen = merchant.locator('[data-test=desk-row]').filter({ hasText: number }).filter({ has: merchant.locator('[data-paid=yes], [data-paid=true]') }).first().waitFor({ state: 'attached' }).then(() => Date.now())
    const shown = page.getByRole('heading', { name: /^Paid,/ }).first().waitFor().then(() => Date.now())
    const answer = await fetch(`${ADDRESSES.wallet}/control/pay`, { method: 'POST', body: JSON.stringify({ bolt11 }) })
    await answer.json()
    const paid = Date.now()
    paidToScreen.push(await shown - paid)
    paidToDesk.push(await seen - paid)
  }
  await Promise.all([merchant.context().close(), page.context().close()])
  return { placedToRow, paidToDesk, paidToScreen }
}

/** Another wallet than the demo's own, and it makes the invoices. */
async function connect(merchant: Page, source: Source): Promise<void> {
  if (source === 'nwc')
    return
  const wallets = await (await fetch(`${ADDRESSES.wallet}/control/wallets`)).json()
  await merchant.goto('#/desk/settings')
  await merchant.locator('[data-test=add-wallet]').click()
  await merchant.locator(`[data-test=kind-${source}]`).check()
  if (source === 'lnbits') {
    await merchant.locator('input[name=lnbits-url]').fill(wallets.lnbits.amina.url)
    await merchant.locator('input[name=lnbits-key]').fill(wallets.lnbits.amina.invoiceKey)
  }
  else {
    await merchant.locator('input[name=pay-address]').fill(`amina@${new URL(ADDRESSES.wallet).host}`)
  }
  await merchant.locator('input[name=wallet-name]').fill('Bench')
  await merchant.locator('[data-test=test-wallet]').click()
  await merchant.locator('[data-test=wallet-card]').filter({ hasText: 'Bench' }).locator('[data-test=issue]').click()
}
