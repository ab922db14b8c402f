import type { Page } from '@playwright/test'
import { bots, faults } from './support/control'
import { deskReserving, lastPiece } from './support/last-piece'
import { expect, test } from './support/people'
import { deskRows, enterAs, fillDelivery, go, invoiceShown, panelSays, payByWallet, placeOrder, putInCart, toCheckout } from './support/shopping'
import { deskSees, dialects, DIALECTS, openAtDesk, shopperSees, type Dialect } from './support/sides'

test.beforeEach(async () => {
  test.setTimeout(150_000)
  await bots(false)
})
test.afterEach(async () => {
  await faults({ reset: true })
  await bots(true)
})

async function order(page: Page, dialect: Dialect, product: string, name: string): Promise<string> {
  await enterAs(page, 'shopper')
  await putInCart(page, product)
  await toCheckout(page)
  await fillDelivery(page, DIALECTS[dialect].zone, { name, address: 'Letzte Gasse 1, Bregenz' })
  const number = await placeOrder(page)
  await invoiceShown(page)
  await expect(page.getByRole('region', { name: 'Payment' })).toContainText('Your money comes back by itself if the merchant cannot deliver.')
  return number
}

for (const dialect of dialects) {
  test(`${dialect}: the last piece: the money is reserved, and taken when the wallet can; both see each step`, async ({ arrive }) => {
    const { name } = await lastPiece(dialect)
    const [{ page: merchant }, { page }] = [await arrive(), await arrive()]
    await deskReserving(merchant, dialect)
    const number = await order(page, dialect, name, 'Tessa Taken')
    await openAtDesk(merchant, number)
    await faults({ fail: 'INTERNAL', failOn: 'settle_hold_invoice', only: 'merchant' })
    await payByWallet(page)
    await deskSees(merchant, 'reserved', 'Reserved, not yet taken')
    await shopperSees(page, 'reserved', 'Reserved, not yet taken')
    await faults({ reset: true })
    await deskSees(merchant, 'paid')
    await panelSays(page, 'Paid')
  })

  test(`${dialect}: the last piece went elsewhere meanwhile: nothing is taken, the money is back, and both read why`, async ({ arrive }) => {
    const { name, list } = await lastPiece(dialect)
    const [{ page: merchant }, { page }] = [await arrive(), await arrive()]
    await deskReserving(merchant, dialect)
    const number = await order(page, dialect, name, 'Gustav Gone')
    await list(0)
    await go(merchant, `/?q=${encodeURIComponent(name)}`)
    await expect(merchant.getByTestId('product-card').filter({ hasText: name })).toContainText(/sold out/i, { timeout: 30_000 })
    await go(merchant, '/desk/orders')
    await payByWallet(page)
    const panel = page.getByRole('region', { name: 'Payment' })
    await expect(panel).toContainText('Not taken; it is back in your wallet.', { timeout: 60_000 })
    await expect(panel.getByRole('button', { name: /pay with connected wallet|copy invoice/i })).toHaveCount(0)
    await expect(deskRows(merchant, number)).not.toContainText('Reserved')
    await expect(deskRows(merchant, number)).toContainText('Not paid')
  })
}

test('NIP-15: the merchant\'s tab is closed while money is reserved: the wallet gives it back in time, and both are told', async ({ arrive }) => {
  const { name } = await lastPiece('NIP-15')
  const { page: merchant, context } = await arrive()
  await deskReserving(merchant, 'NIP-15')
  const { page } = await arrive()
  const number = await order(page, 'NIP-15', name, 'Clara Closed')
  await faults({ holdSeconds: 6 })
  await merchant.close()
  await payByWallet(page)
  await expect(page.getByRole('region', { name: 'Payment' })).toContainText(/back in your wallet|the money is back/i, { timeout: 60_000 })
  const back = await context.newPage()
  await back.goto('')
  await go(back, '/desk/orders')
  await expect(deskRows(back, number)).toContainText('Not paid', { timeout: 30_000 })
  await deskRows(back, number).click()
  await deskSees(back, 'released', 'Reserved, and not taken')
  await shopperSees(page, 'released')
})
