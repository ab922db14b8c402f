import type { Page } from '@playwright/test'
import { payFromPhone } from './support/control'
import { expect, test } from './support/people'

/** Playwright runs each story on its own; all of them play against one merchant, whose desk is open in its own browser. */
const go = async (page: Page, route: string): Promise<void> => {
  await page.getByRole('main').waitFor()
  await page.goto(`#${route}`)
}

async function market(page: Page): Promise<void> {
  await expect(page.getByText('Alpine wildflower honey').first()).toBeVisible()
}

async function signIn(page: Page, who: 'shopper' | 'merchant'): Promise<void> {
  await market(page)
  await go(page, '/sign-in')
  await page.getByText(`Try it as a ${who}`).click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))
}

async function addToCart(page: Page, product: string): Promise<void> {
  await go(page, `/?q=${encodeURIComponent(product)}`)
  await page.getByRole('link', { name: product }).or(page.getByText(product)).first().click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await expect(page.getByText(/View cart/).first()).toBeVisible()
}

async function toCheckout(page: Page, stall?: string): Promise<void> {
  await go(page, '/cart')
  const group = stall === undefined ? page.getByRole('main') : page.getByRole('main').locator('section, article, li').filter({ hasText: stall }).first()
  await group.getByRole('link', { name: /check ?out/i }).or(group.getByRole('button', { name: /check ?out/i })).first().click()
}

async function fillAddress(page: Page, name: string, zone: string): Promise<void> {
  await page.selectOption('#checkout-country', 'Austria')
  await page.getByText(zone).click()
  await page.fill('#checkout-name', name)
  await page.fill('#checkout-address', 'Seestrasse 4\n6900 Bregenz')
}

async function place(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Place order/ }).click()
  await page.waitForURL(/#\/orders\/.+/)
  const text = await page.getByText(/ORD-\d{4}-\w{6}/).first().innerText()
  return /ORD-\d{4}-\w{6}/.exec(text)?.[0] ?? ''
}

const invoiceShown = (page: Page) => expect(page.getByRole('button', { name: /copy invoice/i })).toBeVisible({ timeout: 30_000 })
const paidShown = (page: Page) => expect(page.getByText(/^Paid/).first()).toBeVisible({ timeout: 30_000 })

async function copiedInvoice(page: Page): Promise<string> {
  await page.getByRole('button', { name: /copy invoice/i }).click()
  return page.evaluate(() => navigator.clipboard.readText())
}

const row = (page: Page, number: string) => page.getByRole('main').getByText(number).locator('visible=true').first()

test('a whole sale in sats: found, ordered, paid, seen, shipped, tracked', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page } = await arrive('', { phone: true })
  await signIn(page, 'shopper')
  await addToCart(page, 'Chestnut honey')
  await toCheckout(page)
  await fillAddress(page, 'Ida Berg', 'Alps and neighbours')
  await expect(page.getByRole('button', { name: /Place order · 21,000 sat/ })).toBeVisible()
  const number = await place(page)
  await expect(row(merchant, number)).toBeVisible()

  await invoiceShown(page)
  await page.getByRole('button', { name: /pay with/i }).first().click()
  await expect(page.getByText('Paid, and proved')).toBeVisible({ timeout: 30_000 })

  await row(merchant, number).click()
  await expect(merchant.getByText(/Arrived 21,000 sat/)).toBeVisible()
  await merchant.getByRole('button', { name: /^Ship/ }).first().click()
  const dialog = merchant.getByRole('dialog')
  await dialog.getByLabel(/number/i).first().fill('AT1234567890')
  await dialog.getByRole('button', { name: /ship/i }).last().click()
  await expect(page.getByText(/Shipped/).first()).toBeVisible()
  await expect(page.getByText('AT1234567890').first()).toBeVisible()

  await page.reload()
  await expect(page.getByText('AT1234567890').first()).toBeVisible()
})

test('the same in euro, as a guest who pays from a phone', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  const { page } = await arrive()
  await market(page)
  await addToCart(page, 'Skep candle')
  await toCheckout(page)
  await page.getByText(/as a guest/i).first().click()
  await fillAddress(page, 'Gus Guest', 'Europe')
  const number = await place(page)
  await invoiceShown(page)
  await expect(page.getByText(/€21\.90/).first()).toBeVisible()
  await payFromPhone(await copiedInvoice(page))
  await paidShown(page)
  await go(merchant, '/desk/orders')
  await expect(row(merchant, number)).toBeVisible()
})

test('a digital product asks for no address', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Lino printing at home')
  await toCheckout(page)
  await page.getByText('Free (digital)').click()
  await expect(page.locator('#checkout-address')).toHaveCount(0)
  await place(page)
  await invoiceShown(page)
  await page.getByRole('button', { name: /pay with/i }).first().click()
  await expect(page.getByText('Paid, and proved')).toBeVisible({ timeout: 30_000 })
})

test('a merchant who opens the desk only later finds the order and answers it', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Linden honey')
  await toCheckout(page)
  await fillAddress(page, 'Early Bird', 'Alps and neighbours')
  const number = await place(page)
  await expect(page.getByText(/waiting for/i).first()).toBeVisible()
  await page.reload()
  await expect(page.getByText(/waiting for/i).first()).toBeVisible()

  const { page: merchant } = await arrive()
  await signIn(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  await expect(row(merchant, number)).toBeVisible()
  await invoiceShown(page)
})

test('what was put in the cart is there after a reload, and two stalls are two orders', async ({ arrive }) => {
  const { page } = await arrive()
  await signIn(page, 'shopper')
  await addToCart(page, 'Bee pollen')
  await addToCart(page, 'Lip balm')
  await page.reload()
  await go(page, '/cart')
  await expect(page.getByText('Bee pollen').first()).toBeVisible()
  await expect(page.getByText('Lip balm').first()).toBeVisible()
  await expect(page.getByRole('link', { name: /check ?out/i }).or(page.getByRole('button', { name: /check ?out/i }))).toHaveCount(2)
})
