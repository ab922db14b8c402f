import type { Page } from '@playwright/test'
import { faults, payFromPhone } from './support/control'
import { expect, test } from './support/people'

// Two people, a real relay and real Lightning nodes share two cores.
test.beforeEach(() => test.slow())
test.afterEach(() => faults({ reset: true }))

/** Inside the app, as a link would: the page is not loaded anew. */
const go = (page: Page, route: string): Promise<unknown> => page.goto(`#${route}`)

async function signIn(page: Page, who: 'shopper' | 'merchant'): Promise<void> {
  await expect(page.getByText('Alpine wildflower honey').first()).toBeVisible()
  await go(page, '/sign-in')
  await page.getByText(`Try it as a ${who}`).click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))
}

async function addToCart(page: Page, product: string): Promise<void> {
  await go(page, '/')
  await page.getByRole('searchbox').fill(product)
  await page.getByRole('link', { name: product }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: product })).toBeVisible()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await expect(page.getByText('View cart').first()).toBeVisible()
}

async function toCheckout(page: Page, stall: string): Promise<void> {
  await go(page, '/cart')
  await page.getByRole('region', { name: stall }).getByTestId('checkout').click()
}

async function fillAddress(page: Page, name: string, zone: string): Promise<void> {
  await page.selectOption('#checkout-country', 'Austria')
  await page.getByTestId('zone').filter({ hasText: zone }).click()
  await page.fill('#checkout-name', name)
  await page.fill('#checkout-address', 'Seestrasse 4\n6900 Bregenz')
}

/** The number that both sides call the order by. */
async function place(page: Page): Promise<string> {
  await page.getByTestId('place-order').click()
  await page.waitForURL(/#\/orders\/.+/)
  const text = await page.getByText(/ORD-\d{4}-\w{6}/).first().innerText()
  return /ORD-\d{4}-\w{6}/.exec(text)?.[0] ?? 'no order number'
}

const panel = (page: Page) => page.getByRole('region', { name: 'Payment' })
/** What the panel says, and says aloud: beside a payable code its title is not shown. */
const shows = (page: Page, title: string) => expect(panel(page).getByTestId('spoken')).toContainText(title, { timeout: 40_000 })
const payByWallet = (page: Page) => page.getByRole('button', { name: 'Pay with connected wallet' }).click()
const row = (page: Page, number: string) => page.locator(`[data-test=desk-row][data-order="${number}"]`)

/** On the order's page at the desk. */
async function ship(merchant: Page, tracking: string): Promise<void> {
  await merchant.getByTestId('open-ship').click()
  await merchant.getByLabel('Tracking number (optional)').fill(tracking)
  await merchant.getByLabel('Carrier (optional)').fill('Austrian Post')
  await merchant.getByRole('button', { name: 'Mark as shipped' }).click()
}

async function arrivesShipped(page: Page, tracking: string): Promise<void> {
  await expect(page.locator('[data-status=shipped]').first()).toBeVisible()
  await expect(page.getByTestId('tracking')).toContainText(tracking)
}

async function copiedInvoice(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy invoice' }).click()
  return page.evaluate(() => navigator.clipboard.readText())
}

test('the whole sale in sat: found, ordered, paid, shipped, tracked', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page } = await arrive('', { phone: true })
  await signIn(page, 'shopper')
  await addToCart(page, 'Chestnut honey')
  await toCheckout(page, 'Bramble & Bee')
  await fillAddress(page, 'Ida Berg', 'Alps and neighbours')
  await expect(page.getByTestId('place-order')).toContainText('21,000 sat')
  const number = await place(page)
  await expect(row(merchant, number)).toBeVisible()

  await shows(page, 'Ready to pay')
  await payByWallet(page)
  await shows(page, 'Paid, and proved')

  await expect(row(merchant, number)).toContainText('Paid')
  await row(merchant, number).click()
  await expect(merchant.getByText('Arrived 21,000 sat')).toBeVisible()
  await ship(merchant, '1234567890')
  await arrivesShipped(page, '1234567890')
  await expect(page.getByTestId('tracking')).toContainText('Austrian Post')
})

test('the same in euro, by a guest who pays from a phone', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page } = await arrive()
  await addToCart(page, 'Skep candle')
  await toCheckout(page, 'Slow Light Candles')
  await expect(page.getByTestId('as-guest')).toBeVisible()
  await fillAddress(page, 'Gus Guest', 'Europe')
  await expect(page.getByTestId('place-order')).toContainText('€21.90')
  const number = await place(page)
  await shows(page, 'Ready to pay')
  await expect(panel(page)).toContainText('€21.90')
  await payFromPhone(await copiedInvoice(page))
  await shows(page, 'Paid, says the merchant')
  await expect(row(merchant, number)).toContainText('Paid')
})

test('a digital product, in dollars, asks for no address', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Lino printing at home')
  await toCheckout(page, 'Ink & Reed')
  await page.getByTestId('zone').filter({ hasText: 'Free (digital)' }).click()
  await expect(page.locator('#checkout-address')).toHaveCount(0)
  await expect(page.getByTestId('place-order')).toContainText('24.00')
  await place(page)
  await shows(page, 'Ready to pay')
  await payByWallet(page)
  await shows(page, 'Paid, and proved')
})

test('two stalls in one cart are two orders', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Letterpress cards')
  await addToCart(page, 'Whetstone')
  await toCheckout(page, 'Ink & Reed')
  await fillAddress(page, 'Two Parcels', 'Letter post')
  const first = await place(page)
  await toCheckout(page, 'Edge & Groove')
  await fillAddress(page, 'Two Parcels', 'Tracked parcel')
  const second = await place(page)
  expect(second).not.toBe(first)
  await go(page, '/orders')
  for (const number of [first, second])
    await expect(page.locator(`[data-test=order-row][data-order="${number}"]`)).toBeVisible()
})

test('a merchant opens the desk only after the order was placed; the shopper reloads at every step', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Linden honey')
  await page.reload()
  await toCheckout(page, 'Bramble & Bee')
  await fillAddress(page, 'Early Bird', 'Alps and neighbours')
  await page.reload()
  await expect(page.locator('#checkout-name')).toHaveValue('Early Bird')
  await expect(page.locator('#checkout-address')).toHaveValue('Seestrasse 4\n6900 Bregenz')
  const number = await place(page)
  await shows(page, 'Waiting for the merchant\'s invoice')
  await page.reload()
  await shows(page, 'Waiting for the merchant\'s invoice')

  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  await expect(row(merchant, number)).toBeVisible()
  await shows(page, 'Ready to pay')
  await page.reload()
  await shows(page, 'Ready to pay')
  // Other stories may have left something to pay.
  const toPay = await page.getByRole('link', { name: /Orders ?, \d+ to pay/ }).innerText()
  const count = Number(/\d+/.exec(toPay)?.[0])
  await payByWallet(page)
  await shows(page, 'Paid, and proved')
  await expect(page.getByRole('link', { name: new RegExp(`Orders ?, ${count} to pay`) })).toHaveCount(0)
  await page.reload()
  await shows(page, 'Paid, and proved')
  await merchant.reload()
  await expect(row(merchant, number)).toContainText('Paid')
  await row(merchant, number).click()
  await ship(merchant, '4711-0815')
  await arrivesShipped(page, '4711-0815')
  await page.reload()
  await arrivesShipped(page, '4711-0815')
  await merchant.reload()
  await expect(merchant.locator('[data-status=shipped]').first()).toBeVisible()

  await test.step('T5: on an empty device both sides find it again, from the relay alone', async () => {
    const { page: phone } = await arrive('', { phone: true })
    await signIn(phone, 'shopper')
    await go(phone, '/orders')
    await phone.locator(`[data-test=order-row][data-order="${number}"]`).click()
    await arrivesShipped(phone, '4711-0815')
    await expect(phone.getByText('Linden honey').first()).toBeVisible()
    await expect(phone.getByText('Seestrasse 4').first()).toBeVisible()
    const { page: laptop } = await arrive()
    await signIn(laptop, 'merchant')
    await go(laptop, '/desk/orders')
    await expect(row(laptop, number)).toContainText('Early Bird')
    await expect(row(laptop, number)).toContainText('Paid')
    await row(laptop, number).click()
    await arrivesShipped(laptop, '4711-0815')
  })
})

test('an invoice that ran out is asked for anew, and the new one is paid', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  await faults({ expirySeconds: 15 })
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Linden honey')
  await toCheckout(page, 'Bramble & Bee')
  await fillAddress(page, 'Late Payer', 'Alps and neighbours')
  const number = await place(page)
  await shows(page, 'Ready to pay')
  const first = await copiedInvoice(page)
  // It was copied: it may have been paid.
  await shows(page, 'Checking whether it was paid')
  await faults({ reset: true })
  await page.getByRole('button', { name: 'Ask for a new invoice' }).click()
  await shows(page, 'Ready to pay')
  expect(await copiedInvoice(page)).not.toBe(first)
  await payByWallet(page)
  await shows(page, 'Paid, and proved')
  await expect(row(merchant, number)).toContainText('Paid')
})
