import { decrypt } from 'nostr-tools/nip04'
import { faults, relayFaults } from './support/control'
import { merchantElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { deskSees, shopperSees } from './support/sides'
import { deskRows, enterAs, fillDelivery, go, invoiceShown, marketThere, openProduct, placeOrder, putInCart, toCheckout } from './support/shopping'

test.afterEach(async () => {
  await faults({ reset: true })
  await relayFaults({ reset: true })
})

/** The merchant, in some other program: takes a product off the market. */
async function takeDown(name: string): Promise<void> {
  const merchant = await merchantElsewhere()
  const listings = await merchant.stored({ kinds: [30018], authors: [merchant.pubkey] })
  const listing = listings.find(({ content }) => JSON.parse(content).name === name)
  const id = listing?.tags.find(([tag]) => tag === 'd')?.[1]
  if (id === undefined)
    throw new Error(`no product ${name}`)
  await merchant.publish({ kind: 5, tags: [['a', `30018:${merchant.pubkey}:${id}`]], content: '' })
}

test('a product that goes between cart and checkout is named, and the rest can be ordered', async ({ arrive }) => {
  const { page } = await arrive()
  await marketThere(page)
  await putInCart(page, 'Bee pollen, 200 g')
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Greta Gone', address: 'Am Damm 5, Bregenz' })
  await takeDown('Bee pollen, 200 g')
  await expect(page.getByText('Something changed since you added it')).toBeVisible()
  await expect(page.getByTestId('place-order')).toBeDisabled()
  await go(page, '/cart')
  await expect(page.getByTestId('cart-line').filter({ hasText: 'Bee pollen' })).toContainText('No longer for sale')
  await page.getByTestId('accept').click()
  await expect(page.getByTestId('cart-line')).toHaveCount(1)
  await toCheckout(page)
  await expect(page.getByTestId('place-order')).toBeEnabled()
})

test('more than the stock becomes the stock, and says so', async ({ arrive }) => {
  const { page } = await arrive()
  await marketThere(page)
  await openProduct(page, 'Advent set of four')
  await page.getByTestId('quantity').fill('9')
  await page.getByTestId('quantity').press('Enter')
  await expect(page.getByText('Only 2 left, so that is the most.')).toBeVisible()
  await page.getByTestId('add-to-cart').click()
  await go(page, '/cart')
  await expect(page.getByTestId('quantity')).toHaveValue('2')
  await expect(page.getByTestId('more')).toBeDisabled()
})

test('an invoice with another amount than agreed is held up, both amounts are named, and nothing is payable by mistake', async ({ arrive }) => {
  test.setTimeout(90_000)
  const { page } = await arrive()
  await marketThere(page)
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Olga Overcharged', address: 'Seestrasse 9, Bregenz' })
  await expect(page.getByTestId('place-order')).toContainText('12,700 sat')
  await placeOrder(page)
  const merchant = await merchantElsewhere()
  let order: { readonly id: string, readonly shopper: string } | undefined
  await expect.poll(async () => {
    for (const { pubkey, content } of await merchant.stored({ 'kinds': [4], '#p': [merchant.pubkey] })) {
      const text = await decrypt(merchant.secret, pubkey, content)
      // People write to each other, too.
      const message = text.startsWith('{') ? JSON.parse(text) : {}
      // Newest first: a story played again means its own order, not that of the time before.
      if (order === undefined && message.type === 0 && String(message.address).includes('Olga Overcharged'))
        order = { id: message.id, shopper: pubkey }
    }
    return order
  }).toBeDefined()
  if (order === undefined)
    throw new Error('no order came')
  await merchant.write(order.shopper, { type: 1, id: order.id, message: 'a little more', payment_options: [{ type: 'ln', link: await merchant.invoice(99_000) }] })
  const panel = page.getByRole('region', { name: 'Payment' })
  await expect(panel).toContainText('The merchant asks for 99,000 sat, you agreed to 12,700 sat.', { timeout: 20_000 })
  await expect(panel).toContainText('Nothing has been paid.')
  await expect(panel.getByRole('button', { name: /pay with connected wallet|copy invoice/i })).toHaveCount(0)
  // The right one after all: what was wrong is gone, and it can be paid.
  await merchant.write(order.shopper, { type: 1, id: order.id, message: 'sorry', payment_options: [{ type: 'ln', link: await merchant.invoice(12_700) }] })
  await invoiceShown(page)
})

test('a wallet that refuses to make an invoice: the desk says so at the order, and goes on when it works again', async ({ arrive }) => {
  test.setTimeout(120_000)
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  await faults({ fail: 'INTERNAL' })
  const { page } = await arrive()
  await marketThere(page)
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Willa Waiting', address: 'Seestrasse 8, Bregenz' })
  const number = await placeOrder(page)
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 20_000 })
  await expect(merchant.getByTestId('desk-problem')).toBeVisible({ timeout: 30_000 })
  await shopperSees(page, 'waiting-for-merchant', 'Waiting for the merchant')
  await deskRows(merchant, number).click()
  await deskSees(merchant, 'not-invoiced', 'No invoice sent yet')
  await go(merchant, '/desk/orders')
  await faults({ reset: true })
  await invoiceShown(page)
  await expect(merchant.getByTestId('desk-problem')).toHaveCount(0)
})

test('rubbish among the listings is counted and left out; a relay of rubbish by the thousand is left alone, and the market says so', async ({ arrive }) => {
  test.setTimeout(90_000)
  await relayFaults({ flood: 12 })
  const { page } = await arrive()
  await marketThere(page)
  await expect(page.getByText('rubbish')).toHaveCount(0)
  await putInCart(page, 'Linden honey')
  await go(page, '/you')
  const row = page.locator('[data-relay]').first()
  await row.getByText('Details').click()
  await expect(row).toContainText(/[1-9]\d* refused as malformed or forged/)

  await relayFaults({ flood: 4_000 })
  const { page: later } = await arrive()
  await expect(later.getByText('Your relay sends forged data')).toBeVisible({ timeout: 30_000 })
  await later.getByRole('button', { name: 'Choose relays' }).click()
  await expect(later.getByLabel('Relay address')).toBeVisible()
})
