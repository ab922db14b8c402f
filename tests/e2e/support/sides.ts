import type { Page } from '@playwright/test'
import { nsecEncode } from 'nostr-tools/nip19'
import { secretOf } from '../../../sandbox/market/seed'
import { ADDRESSES } from './addresses'
import { expect } from './people'
import { deskRows, enterAs, enterByKey, fillDelivery, go, placeOrder, putInCart, toCheckout } from './shopping'

/** A merchant of each dialect, with what is sold in these stories, and two ways of sending it to Austria. */
export const DIALECTS = {
  'NIP-15': { merchant: 'amina', product: 'Linden honey', zone: 'Alps and neighbours', otherZone: 'Rest of Europe' },
  'Gamma': { merchant: 'dario', product: 'Frame pump', zone: 'Europe, tracked', otherZone: 'Collect at the workshop' },
} as const
export type Dialect = keyof typeof DIALECTS
export const dialects = Object.keys(DIALECTS) as readonly Dialect[]

type Arrive = (path?: string, options?: { readonly phone?: boolean }) => Promise<{ readonly page: Page }>

/** At the desk, with a wallet whose node can hold payments. */
export async function merchantAtDesk(page: Page, dialect: Dialect): Promise<void> {
  const { merchant } = DIALECTS[dialect]
  if (merchant === 'amina') {
    await enterAs(page, 'merchant')
  }
  else {
    await enterByKey(page, nsecEncode(secretOf(merchant)), merchant)
    await go(page, '/desk/settings')
    const wallets = await (await fetch(`${ADDRESSES.wallet}/control/wallets`)).json()
    await page.getByTestId('kind-nwc').check()
    await page.locator('input[name=nwc-uri]').fill(wallets.nwc[merchant])
    await page.getByTestId('test-wallet').click()
    await expect(page.getByTestId('wallet-card')).toBeVisible({ timeout: 20_000 })
  }
  await go(page, '/desk/orders')
}

export interface Sides { readonly merchant: Page, readonly page: Page, readonly number: string }

/**
 * An order that was placed, open before both: the desk's order page on one side, the shopper's on the other.
 * @param options `clock`: the shopper's clock can be put forward
 */
export async function bothAtOrder(arrive: Arrive, dialect: Dialect, name: string, { clock = false }: { readonly clock?: boolean } = {}): Promise<Sides> {
  const { product, zone } = DIALECTS[dialect]
  const [{ page: merchant }, { page }] = [await arrive(), await arrive()]
  if (clock) {
    await page.clock.install()
    await page.reload()
  }
  await Promise.all([merchantAtDesk(merchant, dialect), (async () => {
    await enterAs(page, 'shopper')
    await putInCart(page, product)
    await toCheckout(page)
    await fillDelivery(page, zone, { name, address: 'Geldweg 4, Bregenz' })
  })()])
  const number = await placeOrder(page)
  await openAtDesk(merchant, number)
  return { merchant, page, number }
}

export async function openAtDesk(merchant: Page, number: string): Promise<void> {
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 30_000 })
  await deskRows(merchant, number).click()
}

export const panel = (page: Page) => page.getByRole('region', { name: 'Payment' })
/** Which state of docs/payment-states.md the shopper's panel is in, and what it says. */
export async function shopperSees(page: Page, state: string, text?: string | RegExp, timeout = 40_000): Promise<void> {
  await expect(panel(page)).toHaveAttribute('data-state', state, { timeout })
  if (text !== undefined)
    await expect(panel(page)).toContainText(text)
}
/** The same of the desk's. */
export async function deskSees(page: Page, state: string, text?: string | RegExp, timeout = 40_000): Promise<void> {
  const desk = page.getByTestId('desk-payment')
  await expect(desk).toHaveAttribute('data-state', state, { timeout })
  if (text !== undefined)
    await expect(desk).toContainText(text)
}

export async function copiedInvoice(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy invoice' }).click({ timeout: 40_000 })
  return page.evaluate(() => navigator.clipboard.readText())
}
