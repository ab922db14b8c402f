import { selectors, type Browser, type Page } from '@playwright/test'
import { peekInvoice } from '../../src/domain/invoice/peek'
import { ADDRESSES } from '../e2e/support/addresses'
import { deskReserving, lastPiece } from '../e2e/support/last-piece'
import { deskRows, enterAs, fillDelivery, go, payByWallet, placeOrder, putInCart, toCheckout } from '../e2e/support/shopping'
import { copiedInvoice, DIALECTS, openAtDesk } from '../e2e/support/sides'

/** Milliseconds since the shopper's tap on 'Pay', one figure a round. */
export type HeldFigures = Readonly<Record<string, readonly number[]>>

const DIALECT = 'NIP-15'

type Marked = typeof globalThis & { souk: Record<string, number> }

/** Runs in the page: when its payment first stood in each state of docs/payment-states.md. */
function recordStates(): void {
  const marked = globalThis as Marked
  marked.souk = {}
  new MutationObserver(() => {
    const state = document.querySelector<HTMLElement>('[data-test=desk-payment], section.panel[data-state]')?.dataset['state']
    if (state !== undefined)
      marked.souk[state] ??= Date.now()
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] })
}
function forget(): void {
  (globalThis as Marked).souk = {}
}

const since = async (page: Page, state: string): Promise<number> =>
  (await page.waitForFunction(one => (globalThis as Marked).souk[one], state, { timeout: 60_000 })).jsonValue().then(Number)

/** Nobody's screen says it: the merchant's wallet is asked every 20 ms whether the money is its own. */
async function takenAtWallet(hash: string): Promise<number> {
  for (;;) {
    const { paid } = await (await fetch(`${ADDRESSES.wallet}/api/v1/payments/${hash}`)).json()
    if (paid === true)
      return Date.now()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** The last piece of something, ordered and open before both; paid from the shopper's wallet, held by the merchant's (NWC), then taken. */
export async function measureTaken(browser: Browser, rounds: number): Promise<HeldFigures> {
  const [atDesk, taken, paidAtDesk, paidAtShopper]: number[][] = [[], [], [], []]
  await eachRound(browser, rounds, async (round) => {
    const { merchant, page, number } = round
    await openAtDesk(merchant, number)
    const hash = peekInvoice(await copiedInvoice(page))?.paymentHash ?? ''
    const tapped = await tap(round)
    const [held, own, desk, shopper] = await Promise.all([since(merchant, 'reserved'), takenAtWallet(hash), since(merchant, 'paid'), since(page, 'paid')])
    atDesk?.push(held - tapped)
    taken?.push(own - tapped)
    paidAtDesk?.push(desk - tapped)
    paidAtShopper?.push(shopper - tapped)
  })
  return { 'tap → held, merchant sees': atDesk ?? [], 'tap → taken at wallet': taken ?? [], 'tap → merchant sees paid': paidAtDesk ?? [], 'tap → shopper sees paid': paidAtShopper ?? [] }
}

/** The same, and the piece went elsewhere between order and payment: until the shopper's screen says that the money is back. */
export async function measureGivenBack(browser: Browser, rounds: number): Promise<HeldFigures> {
  const [atDesk, atShopper]: number[][] = [[], []]
  await eachRound(browser, rounds, async (round) => {
    const { merchant, page, number, name, list } = round
    await page.getByRole('button', { name: 'Copy invoice' }).waitFor({ timeout: 40_000 })
    await list(0)
    await go(merchant, `/?q=${encodeURIComponent(name)}`)
    await merchant.getByTestId('product-card').filter({ hasText: name }).getByText(/sold out/i).first().waitFor()
    await go(merchant, '/desk/orders')
    await openAtDesk(merchant, number)
    const tapped = await tap(round)
    const [desk, shopper] = await Promise.all([since(merchant, 'released'), since(page, 'released')])
    atDesk?.push(desk - tapped)
    atShopper?.push(shopper - tapped)
  })
  return { 'tap → merchant sees back': atDesk ?? [], 'tap → shopper sees back': atShopper ?? [] }
}

interface Round { readonly merchant: Page, readonly page: Page, readonly number: string, readonly name: string, readonly list: (quantity: number) => Promise<void> }

async function eachRound(browser: Browser, rounds: number, play: (round: Round) => Promise<void>): Promise<void> {
  selectors.setTestIdAttribute('data-test')
  const pieces: Awaited<ReturnType<typeof lastPiece>>[] = []
  while (pieces.length < rounds)
    pieces.push(await lastPiece(DIALECT))
  const [merchant, page] = await Promise.all([arrive(browser), arrive(browser)])
  await Promise.all([deskReserving(merchant, DIALECT), enterAs(page, 'shopper')])
  for (const { name, list } of pieces) {
    await putInCart(page, name)
    await toCheckout(page)
    await fillDelivery(page, DIALECTS[DIALECT].zone, { name: 'Ida Berg', address: 'Seestrasse 4' })
    const number = await placeOrder(page)
    await deskRows(merchant, number).waitFor({ timeout: 40_000 })
    await play({ merchant, page, number, name, list })
    await go(merchant, '/desk/orders')
  }
  await Promise.all([merchant.context().close(), page.context().close()])
}

async function arrive(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: ADDRESSES.app, viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] })
  await context.addInitScript(recordStates)
  const page = await context.newPage()
  await page.goto('')
  return page
}

/** Within the invoice's own second nobody pays; the merchant's next word would wait for the next one. */
async function tap({ merchant, page }: Round): Promise<number> {
  await page.waitForTimeout(1_500)
  await Promise.all([merchant, page].map(one => one.evaluate(forget)))
  const tapped = Date.now()
  await payByWallet(page)
  return tapped
}
