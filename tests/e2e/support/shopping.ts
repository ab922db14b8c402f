import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** What several stories do on the way to what they are about. */
export const go = async (page: Page, route: string): Promise<void> => {
  await page.getByRole('main').waitFor()
  await page.goto(`#${route}`)
}

/** The market has been heard from. */
export const marketThere = (page: Page): Promise<void> => expect(page.getByTestId('product-card').first()).toBeVisible({ timeout: 30_000 })

export async function enterAs(page: Page, who: 'shopper' | 'merchant'): Promise<void> {
  await marketThere(page)
  await go(page, '/sign-in')
  await page.getByTestId(`persona-${who}`).click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))
}

export async function openProduct(page: Page, product: string): Promise<void> {
  await go(page, `/?q=${encodeURIComponent(product)}`)
  await page.getByTestId('product-card').getByRole('link', { name: product }).first().click()
  await page.waitForURL(/#\/p\//)
}

export async function putInCart(page: Page, product: string): Promise<void> {
  await openProduct(page, product)
  await page.getByTestId('add-to-cart').click()
  await expect(page.getByTestId('added')).toBeVisible()
}

export async function toCheckout(page: Page): Promise<void> {
  await go(page, '/cart')
  await page.getByTestId('checkout').first().click()
  await page.waitForURL(/#\/checkout\//)
}

export interface Recipient { readonly name: string, readonly address: string, readonly email?: string, readonly message?: string }

export async function fillDelivery(page: Page, zone: string, recipient: Recipient): Promise<void> {
  await page.selectOption('#checkout-country', 'Austria')
  await page.getByTestId('zone').filter({ hasText: zone }).click()
  await page.fill('#checkout-name', recipient.name)
  await page.fill('#checkout-address', recipient.address)
  if (recipient.email === undefined && recipient.message === undefined)
    return
  await page.locator('details.contact summary').click()
  await page.fill('#checkout-email', recipient.email ?? '')
  await page.fill('#checkout-message', recipient.message ?? '')
}

/** Places the order that the checkout shows; answers with its number. */
export async function placeOrder(page: Page): Promise<string> {
  await page.getByTestId('place-order').click()
  await page.waitForURL(/#\/orders\/.+/)
  const heading = await page.getByRole('heading', { level: 1 }).filter({ hasText: /ORD-/ }).innerText()
  return /ORD-\d{4}-\w{6}/.exec(heading)?.[0] ?? 'no number'
}

export const invoiceShown = (page: Page): Promise<void> => expect(page.getByRole('button', { name: /copy invoice/i })).toBeVisible({ timeout: 40_000 })
/** An order's row on the desk, as table or card, whichever is in sight. */
export const deskRows = (page: Page, number: string) => page.getByTestId('desk-row').filter({ hasText: number }).filter({ visible: true })

const panel = (page: Page) => page.getByRole('region', { name: 'Payment' })
/** What the payment panel says, and says aloud. */
export const panelSays = (page: Page, title: string): Promise<void> => expect(panel(page).getByTestId('spoken')).toContainText(title, { timeout: 40_000 })
export const payByWallet = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay with connected wallet' }).click()

/** Signs in with a key that somebody brings along. */
export async function enterByKey(page: Page, nsec: string, name: string): Promise<void> {
  await marketThere(page)
  await go(page, '/sign-in')
  await page.getByTestId('other-ways').click()
  await page.getByTestId('sign-in-key').click()
  await page.getByLabel('Your key', { exact: false }).first().fill(nsec)
  await page.locator('input[name=password]').fill('four plain garden words')
  await page.getByLabel(/Name for this account/).fill(name)
  await page.getByTestId('use-key').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'), { timeout: 40_000 })
}

/** A merchant connects a wallet by LNbits; in the sandbox Souk then answers orders by itself. */
export async function openDesk(page: Page, wallet: { readonly url: string, readonly invoiceKey: string }): Promise<void> {
  await go(page, '/desk/settings')
  await page.getByTestId('kind-lnbits').check()
  await page.locator('input[name=lnbits-url]').fill(wallet.url)
  await page.locator('input[name=lnbits-key]').fill(wallet.invoiceKey)
  await page.getByTestId('test-wallet').click()
  await expect(page.getByTestId('wallet-card')).toBeVisible({ timeout: 20_000 })
  await go(page, '/desk/orders')
}
