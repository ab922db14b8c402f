import type { Page } from '@playwright/test'
import { faults } from './support/control'
import { merchantElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { deskRows, enterAs, fillDelivery, go, invoiceShown, panelSays, payByWallet, placeOrder, putInCart, toCheckout } from './support/shopping'

test.beforeEach(() => { test.slow() })
test.afterEach(() => faults({ reset: true }))

/** The last jar on the shelf, of a name that no other story uses. */
async function lastJar() {
  const elsewhere = await merchantElsewhere()
  const listings = await elsewhere.stored({ kinds: [30018], authors: [elsewhere.pubkey] })
  const honey = listings.map(({ content }) => JSON.parse(content)).find(({ name }) => String(name).startsWith('Linden honey'))
  const id = crypto.randomUUID()
  const name = `Last jar ${id.slice(0, 6)}`
  const list = (quantity: number) => elsewhere.publish({ kind: 30018, tags: [['d', id], ['t', 'Honey']], content: JSON.stringify({ ...honey, id, name, quantity }) })
  await list(1)
  return { name, list }
}

async function deskReserving(page: Page): Promise<void> {
  await enterAs(page, 'merchant')
  await go(page, '/desk/settings')
  await expect(page.getByTestId('can-hold')).toBeVisible({ timeout: 30_000 })
  await page.getByTestId('reserve').getByRole('switch').click()
  await expect(page.getByTestId('reserve-few')).toBeVisible()
  await go(page, '/desk/orders')
}

async function order(page: Page, product: string, name: string): Promise<string> {
  await enterAs(page, 'shopper')
  await putInCart(page, product)
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name, address: 'Letzte Gasse 1, Bregenz' })
  const number = await placeOrder(page)
  await invoiceShown(page)
  await expect(page.getByRole('region', { name: 'Payment' })).toContainText('Your money comes back by itself if the merchant cannot deliver.')
  return number
}

test('the last piece: the money is reserved, the stock is there, it is taken', async ({ arrive }) => {
  const { name } = await lastJar()
  const { page: merchant } = await arrive()
  await deskReserving(merchant)
  const { page } = await arrive()
  const number = await order(page, name, 'Tessa Taken')
  await payByWallet(page)
  await panelSays(page, 'Paid')
  await expect(deskRows(merchant, number)).toContainText('Paid', { timeout: 30_000 })
  await deskRows(merchant, number).click()
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'proved')
})

test('the last piece went elsewhere meanwhile: nothing is taken, the money is back, and both read why', async ({ arrive }) => {
  const { name, list } = await lastJar()
  const { page: merchant } = await arrive()
  await deskReserving(merchant)
  const { page } = await arrive()
  const number = await order(page, name, 'Gustav Gone')
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

test('the merchant\'s tab is closed while money is reserved: the wallet gives it back in time, and both are told', async ({ arrive }) => {
  const { name } = await lastJar()
  const { page: merchant, context } = await arrive()
  await deskReserving(merchant)
  const { page } = await arrive()
  const number = await order(page, name, 'Clara Closed')
  await faults({ holdSeconds: 6 })
  await merchant.close()
  await payByWallet(page)
  const panel = page.getByRole('region', { name: 'Payment' })
  await expect(panel).toContainText(/back in your wallet|the money is back/i, { timeout: 60_000 })
  const back = await context.newPage()
  await back.goto('')
  await go(back, '/desk/orders')
  await expect(deskRows(back, number)).toContainText('Not paid', { timeout: 30_000 })
  await deskRows(back, number).click()
  await expect(back.getByRole('main')).toContainText(/not taken|went back|goes back/i, { timeout: 30_000 })
})
