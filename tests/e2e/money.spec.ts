import type { Page } from '@playwright/test'
import { nsecEncode } from 'nostr-tools/nip19'
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { secretOf } from '../../sandbox/market/seed'
import { toAddress } from '../../src/domain/catalog/address'
import { toMsat, toSeconds, type Pubkey } from '../../src/domain/brand'
import { lettersOf } from '../../src/domain/protocol/letters'
import type { Saying } from '../../src/domain/protocol/saying'
import type { Person } from '../support/signed'
import { wrapped } from '../support/wraps'
import { ADDRESSES } from './support/addresses'
import { bots, payFromPhone } from './support/control'
import { lnbitsInvoice, lnbitsOf, somebodyElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { deskSees, shopperSees } from './support/sides'
import { deskRows, enterAs, enterByKey, fillDelivery, go, invoiceShown, openDesk, panelSays, payByWallet, placeOrder, putInCart, toCheckout } from './support/shopping'

test.beforeEach(async () => {
  test.slow()
  await bots(false)
})
test.afterEach(() => bots(true))

const personOf = (secret: Uint8Array): Person => ({ secret, pubkey: getPublicKey(secret) as Pubkey })

test('an order that comes in paid, by a program that asks nobody: the desk sends no second invoice, asks its wallet, shows what speaks against it, and the merchant judges', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await enterByKey(merchant, nsecEncode(secretOf('dario')), 'dario')
  await openDesk(merchant, await lnbitsOf('dario'))

  const [shopper, dario] = [personOf(generateSecretKey()), personOf(secretOf('dario'))]
  const line = somebodyElsewhere(shopper.secret)
  const [cap] = (await line.stored({ kinds: [30402], authors: [dario.pubkey] })).flatMap(({ tags }) => tags.some(([name, value]) => name === 'title' && value === 'Cycling cap, wool') ? [tags.find(([name]) => name === 'd')?.[1] ?? ''] : [])
  const about = { orderId: crypto.randomUUID(), shopper: shopper.pubkey, merchant: dario.pubkey, items: [{ productId: cap ?? '', product: toAddress(30_402, dario.pubkey, cap ?? ''), quantity: 1 }] }
  let at = Math.floor(Date.now() / 1000) - 5
  const say = async (saying: Saying): Promise<void> => {
    const letters = lettersOf('shopstr', about, saying)
    if (!letters.ok)
      throw new Error(letters.error.code)
    for (const letter of letters.value) {
      if (letter.transport === 'nip59')
        await line.send(wrapped(letter.template, { from: shopper, to: dario, at: toSeconds(at++), wrapAt: toSeconds(at - 100) }))
    }
  }
  await say({ say: 'order', zoneId: '', msat: toMsat(24_000_000), name: 'Petra Prepaid', address: 'Vorweg 1, Graz', contact: {}, shopperMessage: '' })
  await expect(deskRows(merchant, 'Cycling cap, wool')).toBeVisible({ timeout: 30_000 })
  await expect(deskRows(merchant, 'Cycling cap, wool')).toContainText('Waiting for payment')
  await deskRows(merchant, 'Cycling cap, wool').click()
  await expect(merchant.getByTestId('pays-unasked')).toBeVisible()

  // Words alone: a reason to look, and no payment.
  await say({ say: 'receipt', msat: toMsat(24_000_000), invoice: await lnbitsInvoice('dario', 24_000), preimage: '', text: 'paid' })
  await deskSees(merchant, 'checking', 'your wallet has not confirmed it')
  const bolt11 = await lnbitsInvoice('dario', 24_000)
  const { preimage } = await payFromPhone(bolt11) as { readonly preimage: string }
  await say({ say: 'receipt', msat: toMsat(24_000_000), invoice: bolt11, preimage, text: 'paid' })
  const match = merchant.getByTestId('prepaid-match')
  await expect(match).toContainText('The customer named this very payment.', { timeout: 40_000 })
  await expect(match).toContainText('What the order costs by your listings is not known here')
  await merchant.getByTestId('prepaid-confirm').click()
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'proved', { timeout: 40_000 })
  await expect(merchant.getByTestId('prepaid-matches')).toHaveCount(0)
  await expect(merchant.getByTestId('desk-payment')).toContainText('Arrived 24,000 sat')
  // Nobody was asked to pay what they had paid already.
  await expect(merchant.getByText('Invoice 1')).toHaveCount(0)
})

/** The demo merchant at the desk, and somebody who has ordered there. */
async function ordered(arrive: (path?: string) => Promise<{ readonly page: Page }>, name: string): Promise<{ readonly merchant: Page, readonly page: Page, readonly number: string }> {
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name, address: 'Geldweg 4, Bregenz' })
  const number = await placeOrder(page)
  await expect(deskRows(merchant, number)).toBeVisible({ timeout: 30_000 })
  await deskRows(merchant, number).click()
  return { merchant, page, number }
}

test('money back: a part by hand with its proof, the rest from a wallet of its own when the order is cancelled; both sides see the same', async ({ arrive }) => {
  const { merchant, page } = await ordered(arrive, 'Rita Refund')
  await panelSays(page, 'Ready to pay')
  await payByWallet(page)
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'proved', { timeout: 30_000 })

  await merchant.getByTestId('refund').click()
  await merchant.getByTestId('refund-amount').fill('2000')
  await merchant.getByTestId('refund-reason').fill('One jar leaked')
  await merchant.getByTestId('refund-ask').check()
  await merchant.getByTestId('refund-confirm').click()
  const back = page.getByTestId('order-refund')
  await expect(back).toContainText('The merchant wants to send 2,000 sat back to you.', { timeout: 30_000 })
  await expect(back).toContainText('One jar leaked')

  const invoice = await lnbitsInvoice('bruno', 2_000)
  await page.getByTestId('refund-to').fill(invoice)
  await page.getByTestId('refund-give').click()
  await expect(merchant.getByTestId('refund-by-hand')).toBeVisible({ timeout: 30_000 })
  await merchant.getByTestId('refund-by-hand').click()
  const paid = await payFromPhone(invoice) as { readonly preimage: string }
  await merchant.getByTestId('refund-proof').fill(paid.preimage)
  await merchant.getByTestId('refund-proof-send').click()
  for (const side of [merchant, page])
    await expect(side.getByTestId('refund-row')).toHaveAttribute('data-state', 'proved', { timeout: 30_000 })
  await expect(page.getByTestId('refund-total')).toContainText('2,000 sat of')

  await test.step('what is left goes back when it is cancelled', async () => {
    await merchant.getByTestId('cancel-order').click()
    await merchant.getByTestId('cancel-reason').fill('The other jar too')
    await merchant.getByTestId('money-all').check()
    await merchant.getByTestId('cancel-confirm').click()
    await expect(back).toContainText('The merchant wants to send 10,700 sat back to you.', { timeout: 30_000 })
    await page.getByTestId('refund-to').fill(await lnbitsInvoice('bruno', 10_700))
    await page.getByTestId('refund-give').click()
    const wallets = await (await fetch(`${ADDRESSES.wallet}/control/wallets`)).json()
    await merchant.getByTestId('refund-wallet').locator('summary').click()
    await merchant.locator('input[name=refund-nwc]').fill(wallets.nwc.refunds)
    await merchant.getByTestId('refund-connect').click()
    await merchant.getByTestId('refund-by-wallet').click({ timeout: 30_000 })
    for (const side of [merchant, page])
      await expect(side.getByTestId('refund-row').last()).toHaveAttribute('data-state', 'proved', { timeout: 30_000 })
    await expect(merchant.locator('[data-status=refunded]').first()).toBeVisible({ timeout: 30_000 })
    await expect(page.locator('[data-status=refunded]').first()).toBeVisible({ timeout: 30_000 })
  })
})

test('asked in another way: the shopper sees what it is and says that it is paid; only the merchant can know, and says so', async ({ arrive }) => {
  const { merchant, page } = await ordered(arrive, 'Hanna Hand')
  await panelSays(page, 'Ready to pay')
  await merchant.getByTestId('ask-by-hand').click()
  await merchant.locator('textarea[name=by-hand]').fill('https://pay.example/honey\nPlease name the order number.')
  await expect(merchant.getByTestId('hand-read')).toContainText('pay.example')
  await merchant.getByTestId('hand-send').click()
  await expect(page.getByTestId('other-ways')).toContainText('pay.example', { timeout: 30_000 })
  await shopperSees(page, 'unsupported')
  await expect(page.getByTestId('merchant-words')).toContainText('Please name the order number.')
  // The invoice that was replaced cannot be paid any more (T10).
  await expect(page.getByRole('button', { name: /copy invoice|pay with connected wallet/i })).toHaveCount(0)
  await page.getByTestId('claim-paid').first().click()
  await page.getByTestId('confirm').click()
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'claimed', { timeout: 30_000 })
  await merchant.getByTestId('mark-paid').click()
  await merchant.getByTestId('confirm').click()
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'said', { timeout: 30_000 })
  await panelSays(page, 'says the merchant')
})

test('a Lightning address as the merchant\'s wallet: it makes the invoices, its service tells of the payment, and who makes them is said', async ({ arrive }) => {
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/settings')
  await merchant.getByTestId('add-wallet').click()
  await merchant.getByTestId('kind-lightning-address').check()
  await merchant.locator('input[name=pay-address]').fill(`amina@${new URL(ADDRESSES.wallet).host}`)
  await merchant.locator('input[name=wallet-name]').fill('Counter')
  await merchant.getByTestId('test-wallet').click()
  const counter = merchant.getByTestId('wallet-card').filter({ hasText: 'Counter' })
  await expect(counter).toBeVisible({ timeout: 30_000 })
  await counter.getByTestId('issue').click()
  await expect(counter.getByTestId('wallet-role')).toContainText('Makes the invoices')
  await go(merchant, '/desk/orders')

  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Adele Address', address: 'Amtsweg 2, Bregenz' })
  const number = await placeOrder(page)
  await invoiceShown(page)
  await page.getByRole('button', { name: /copy invoice/i }).click()
  await payFromPhone(await page.evaluate(() => navigator.clipboard.readText()))
  await expect(deskRows(merchant, number)).toContainText('Paid', { timeout: 40_000 })
  await panelSays(page, 'Paid')
})
