import type { Page } from '@playwright/test'
import { decrypt } from 'nostr-tools/nip04'
import { nsecEncode } from 'nostr-tools/nip19'
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { secretOf } from '../../sandbox/market/seed'
import { toSeconds, type Pubkey } from '../../src/domain/brand'
import { encodeGammaChat } from '../../src/domain/protocol/gamma-encode'
import type { Person } from '../support/signed'
import { wrapped } from '../support/wraps'
import { bots } from './support/control'
import { lnbitsOf, somebodyElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { deskRows, enterAs, enterByKey, fillDelivery, go, invoiceShown, marketThere, openDesk, openProduct, panelSays, payByWallet, placeOrder, putInCart, toCheckout } from './support/shopping'

// Merchants of either dialect, and of both, at Souk's own desk: the demo's bots are sent home for it.
test.beforeEach(async () => {
  test.slow()
  await bots(false)
})
test.afterEach(() => bots(true))

/** A demo merchant at the desk, in a browser of their own. */
async function atDesk(page: Page, name: 'chiyo' | 'dario'): Promise<void> {
  await enterByKey(page, nsecEncode(secretOf(name)), name)
  await openDesk(page, await lnbitsOf(name))
}

/** All that an order's page tells, but for what went out from this one device. */
async function told(page: Page): Promise<readonly string[]> {
  await expect(page.getByTestId('tracking')).toBeVisible({ timeout: 30_000 })
  await page.evaluate(() => document.querySelectorAll<HTMLDetailsElement>('main details').forEach((fold) => { fold.open = true }))
  const text = await page.getByRole('main').innerText()
  const [shared = ''] = text.split('Where your messages went')
  // The clock goes on between two looks, and a wallet is of the device that it is connected to.
  return shared.split('\n').map(line => line.trim().replace(/just now|\d+ minutes? ago/g, 'lately')).filter(line => line !== '' && line !== 'Look up now')
}

test('a whole sale in Gamma, both sides in Souk; on empty devices both sides find the same, line by line', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await atDesk(merchant, 'dario')
  const { page } = await arrive('', { phone: true })
  await enterAs(page, 'shopper')
  await putInCart(page, 'Frame pump')
  await toCheckout(page)
  await fillDelivery(page, 'Europe, tracked', { name: 'Gerda Gamma', address: 'Wollgasse 9, Wien' })
  const number = await placeOrder(page)
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 30_000 })
  await panelSays(page, 'Ready to pay')
  await payByWallet(page)
  await panelSays(page, 'Paid, and proved')
  await expect(deskRows(merchant, number)).toContainText('Paid', { timeout: 30_000 })
  await deskRows(merchant, number).click()
  await merchant.getByTestId('open-ship').click()
  await merchant.getByLabel('Tracking number (optional)').fill('9988-7766')
  await merchant.getByRole('button', { name: 'Mark as shipped' }).click()
  await expect(page.getByTestId('tracking')).toContainText('9988-7766', { timeout: 30_000 })

  const { page: shopperAnew } = await arrive('', { phone: true })
  await enterAs(shopperAnew, 'shopper')
  await go(shopperAnew, '/orders')
  await shopperAnew.getByTestId('order-row').filter({ hasText: number }).click()
  expect(await told(shopperAnew)).toEqual(await told(page))
  const { page: merchantAnew } = await arrive()
  await enterByKey(merchantAnew, nsecEncode(secretOf('dario')), 'dario')
  await go(merchantAnew, '/desk/orders')
  await deskRows(merchantAnew, number).click()
  expect(await told(merchantAnew)).toEqual(await told(merchant))
})

test('a merchant of both dialects sells to a shopper of NIP-15 and to one of Souk, from one desk', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await atDesk(merchant, 'chiyo')
  const shopper = somebodyElsewhere(generateSecretKey())
  const chiyo = somebodyElsewhere(secretOf('chiyo'))
  const listing = (await shopper.stored({ kinds: [30018], authors: [chiyo.pubkey] })).map(({ content }) => JSON.parse(content)).find(({ name }) => name === 'Hojicha, 100 g')
  const [stall] = (await shopper.stored({ kinds: [30017], authors: [chiyo.pubkey] })).map(({ content }) => JSON.parse(content)).filter(({ id }) => id === listing.stall_id)
  const id = crypto.randomUUID()
  await shopper.write(chiyo.pubkey, { type: 0, id, name: 'Nils Fifteen', address: 'Altweg 15, Graz', message: '', contact: { nostr: shopper.pubkey }, items: [{ product_id: listing.id, quantity: 1 }], shipping_id: stall.shipping[0].id })
  await expect(deskRows(merchant, 'Nils Fifteen')).toBeVisible({ timeout: 30_000 })
  // The answer comes in the dialect of the one who asked.
  const answers = async (): Promise<readonly { readonly type: number, readonly id: string }[]> => {
    const letters = await shopper.stored({ 'kinds': [4], 'authors': [chiyo.pubkey], '#p': [shopper.pubkey] })
    return (await Promise.all(letters.map(({ content }) => decrypt(shopper.secret, chiyo.pubkey, content)))).map(text => JSON.parse(text))
  }
  await expect.poll(async () => (await answers()).map(({ type, id: of }) => `${type} ${of === id}`), { timeout: 30_000 }).toContain('1 true')
  expect(await shopper.stored({ 'kinds': [1059], '#p': [shopper.pubkey] })).toEqual([])

  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await openProduct(page, 'Hojicha, 100 g')
  // Listed in both dialects, sold as one thing.
  await go(page, '/?q=Hojicha')
  await expect(page.getByTestId('product-card').filter({ hasText: 'Hojicha, 100 g' })).toHaveCount(1)
  await putInCart(page, 'Hojicha, 100 g')
  await toCheckout(page)
  await page.selectOption('#checkout-country', 'Austria')
  await page.getByTestId('zone').filter({ hasText: 'Everywhere else' }).click()
  await page.fill('#checkout-name', 'Sonja Both')
  await page.fill('#checkout-address', 'Neuweg 30, Linz')
  const number = await placeOrder(page)
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 30_000 })
  await panelSays(page, 'Ready to pay')
  await payByWallet(page)
  await panelSays(page, 'Paid, and proved')
})

test('a merchant who never said where messages are to go is written to where their listings are', async ({ arrive }) => {
  const secret = generateSecretKey()
  const olga = somebodyElsewhere(secret)
  await olga.publish({ kind: 0, tags: [], content: JSON.stringify({ name: 'Olga Nowhere' }) })
  await olga.publish({ kind: 30402, tags: [['d', 'whisk'], ['title', 'Birch whisk'], ['price', '4200', 'SAT'], ['type', 'simple', 'digital'], ['visibility', 'on-sale'], ['stock', '5'], ['summary', 'A whisk of birch twigs']], content: 'A whisk of birch twigs' })
  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Birch whisk')
  await toCheckout(page)
  const number = await placeOrder(page)
  await panelSays(page, 'Waiting for the merchant')

  const { page: merchant } = await arrive()
  await enterByKey(merchant, nsecEncode(secret), 'Olga')
  await openDesk(merchant, await lnbitsOf('esma'))
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 30_000 })
  await invoiceShown(page)
})

test('a week offline: what was said meanwhile is there, in its sequence, once', async ({ arrive }) => {
  const day = 24 * 3600
  const today = Math.floor(Date.now() / 1000)
  const { page, context } = await arrive()
  await page.clock.install({ time: (today - 8 * day) * 1000 })
  await page.reload()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Cycling cap, wool')
  await toCheckout(page)
  await fillDelivery(page, 'Europe, tracked', { name: 'Wanda Week', address: 'Langweg 7, Wien' })
  const number = await placeOrder(page)
  await panelSays(page, 'Waiting for the merchant')
  const orderId = new URL(page.url()).hash.split('~').at(-1) ?? ''
  await page.close()

  // Seven days of it, from some other program; a wrap bears any time of the two days before it was made.
  const [from, to] = ['dario', 'shopper'].map(name => ({ secret: secretOf(name), pubkey: getPublicKey(secretOf(name)) as Pubkey })) as [Person, Person]
  const dario = somebodyElsewhere(from.secret)
  for (const [ago, text, backDays] of [[7, 'Thank you, I look for it', 2], [5, 'Found the last one', 0], [3, 'A button was loose, it is sewn on', 2], [1, 'Ready when you are', 1]] as const) {
    const at = today - ago * day
    await dario.send(wrapped(encodeGammaChat({ to: to.pubkey, orderId, text }), { from, to, at: toSeconds(at), wrapAt: toSeconds(at - backDays * day) }))
  }

  const back = await context.newPage()
  await back.goto('')
  await marketThere(back)
  await go(back, '/orders')
  await back.getByTestId('order-row').filter({ hasText: number }).click()
  const said = back.getByRole('region', { name: /^Messages with/ }).getByText(/^(Thank you, I look for it|Found the last one|A button was loose|Ready when you are)/)
  await expect(said).toHaveText([/Thank you/, /Found/, /button/, /Ready/], { timeout: 30_000 })
  // Again changes nothing.
  await back.reload()
  await expect(said).toHaveText([/Thank you/, /Found/, /button/, /Ready/], { timeout: 30_000 })
})
