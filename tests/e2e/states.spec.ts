import type { Page } from '@playwright/test'
import { getPublicKey } from 'nostr-tools/pure'
import { secretOf } from '../../sandbox/market/seed'
import { toSeconds, type Pubkey } from '../../src/domain/brand'
import { encodeGammaRequest } from '../../src/domain/protocol/gamma-encode'
import type { Person } from '../support/signed'
import { wrapped } from '../support/wraps'
import { bots, faults, payFromPhone } from './support/control'
import { lnbitsInvoice, somebodyElsewhere } from './support/other-program'
import { expect, test } from './support/people'
import { bothAtOrder, copiedInvoice, deskSees, dialects, DIALECTS, panel, shopperSees } from './support/sides'
import { go, payByWallet } from './support/shopping'

// Every state of a payment that people can meet (docs/payment-states.md), on both sides at once.
test.beforeEach(async () => {
  test.setTimeout(150_000)
  await bots(false)
})
test.afterEach(async () => {
  await faults({ reset: true })
  await bots(true)
})

const personOf = (name: string): Person => ({ secret: secretOf(name), pubkey: getPublicKey(secretOf(name)) as Pubkey })
const orderIdOf = (page: Page): string => new URL(page.url()).hash.split('~').at(-1) ?? ''

for (const dialect of dialects) {
  test(`${dialect}: an invoice runs out, a new one is asked for, less arrives than was asked, and a part goes back`, async ({ arrive }) => {
    await faults({ expirySeconds: 6, only: 'merchant' })
    const { merchant, page } = await bothAtOrder(arrive, dialect, `Ute ${dialect}`)
    if (dialect === 'NIP-15') {
      // On the screen long enough to be scanned: it may have been paid.
      await shopperSees(page, 'checking', 'Checking whether it was paid')
    }
    else {
      await go(page, '/orders')
      await deskSees(merchant, 'expired')
      await page.goBack()
      await shopperSees(page, 'expired')
    }
    await expect(panel(page).getByRole('button', { name: /copy invoice|pay with/i })).toHaveCount(0)
    await deskSees(merchant, 'expired', 'The invoice expired')
    await faults({ reset: true })
    await page.getByRole('button', { name: 'Ask for a new invoice' }).click()
    await deskSees(merchant, 'waiting')
    await shopperSees(page, 'ready')
    await faults({ skimSats: 500, only: 'merchant' })
    await payFromPhone(await copiedInvoice(page))
    await deskSees(merchant, 'underpaid', 'Less arrived than you asked')
    await shopperSees(page, 'underpaid', 'Less arrived than was asked')
    await faults({ reset: true })
    await merchant.getByTestId('take-as-paid').click()
    await merchant.getByTestId('confirm').click()
    await shopperSees(page, 'paid', 'says the merchant')

    await merchant.getByTestId('refund').click()
    await merchant.getByTestId('refund-amount').fill('1000')
    await merchant.getByTestId('refund-reason').fill('A dent')
    await merchant.getByTestId('refund-ask').check()
    await merchant.getByTestId('refund-confirm').click()
    await expect(page.getByTestId('order-refund')).toContainText('The merchant wants to send 1,000 sat back to you.', { timeout: 30_000 })
    const invoice = await lnbitsInvoice('bruno', 1_000)
    await page.getByTestId('refund-to').fill(invoice)
    await page.getByTestId('refund-give').click()
    await merchant.getByTestId('refund-by-hand').click({ timeout: 30_000 })
    const { preimage } = await payFromPhone(invoice) as { readonly preimage: string }
    await merchant.getByTestId('refund-proof').fill(preimage)
    await merchant.getByTestId('refund-proof-send').click()
    for (const side of [merchant, page])
      await expect(side.getByTestId('refund-row')).toHaveAttribute('data-state', 'proved', { timeout: 30_000 })
  })
}

test('Gamma: sent another way, so another total; the invoice before it is replaced, is paid all the same, and so is the new one', async ({ arrive }) => {
  const { otherZone } = DIALECTS.Gamma
  const { merchant, page } = await bothAtOrder(arrive, 'Gamma', 'Zita Zone')
  const first = await copiedInvoice(page)
  await deskSees(merchant, 'waiting')
  await merchant.getByTestId('other-zone').click()
  await merchant.getByRole('radio', { name: otherZone }).check()
  await expect(merchant.getByTestId('old-total')).toContainText('46.00')
  await expect(merchant.getByTestId('new-total')).toContainText('32.00')
  await merchant.getByTestId('reissue').click()
  await shopperSees(page, 'superseded', 'Replaced by a newer invoice')
  await page.getByRole('button', { name: /show the new invoice/ }).click()
  await shopperSees(page, 'ready', `another way than you chose: ${otherZone}. So the total is now 34,595 sat instead of 49,730 sat: 15,135 sat less.`)
  await payByWallet(page)
  await shopperSees(page, 'paid', /Paid/)
  await deskSees(merchant, 'paid')
  await payFromPhone(first)
  await deskSees(merchant, 'paid-twice', 'Paid twice')
  // Only the merchant's wallet can know: he says so by himself.
  await shopperSees(page, 'paid-twice', /The merchant says that [\d,]+ sat arrived a second time/)
})

test('NIP-15: cancelled before it was paid, paid after all: found, said on both sides, and offered back', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'NIP-15', 'Lars Late')
  const invoice = await copiedInvoice(page)
  await page.getByTestId('cancel').click()
  await page.getByTestId('confirm').click()
  await shopperSees(page, 'ended')
  await deskSees(merchant, 'ended')
  // Of two things of one second nobody could say which was first.
  await page.waitForTimeout(1_100)
  await payFromPhone(invoice)
  await deskSees(merchant, 'paid-late', 'Paid after the order had ended')
  await expect(merchant.getByTestId('refund-due')).toBeVisible()
  await shopperSees(page, 'paid-late', 'The merchant says that 12,700 sat arrived after the order was cancelled')
})

test('Gamma: paid, and then the merchant cannot send it: both see that the money has to go back', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'Gamma', 'Runa Refund')
  await shopperSees(page, 'ready')
  await payByWallet(page)
  await deskSees(merchant, 'paid')
  await merchant.getByTestId('cancel-order').click()
  await merchant.getByTestId('cancel-reason').fill('Broken on the way to the post')
  await merchant.getByTestId('money-later').check()
  await merchant.getByTestId('cancel-confirm').click()
  await deskSees(merchant, 'refund-due')
  await shopperSees(page, 'refund-due', 'Paid, and then not fulfilled')
  await expect(merchant.getByTestId('refund-due')).toBeVisible()
})

test('NIP-15: refused with a reason, nothing paid, and the goods can go into the cart again', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'NIP-15', 'Rudi Refused')
  await shopperSees(page, 'ready')
  await merchant.getByTestId('refuse').click()
  await merchant.getByTestId('reason').fill('We are on holiday')
  await merchant.getByTestId('confirm').click()
  await deskSees(merchant, 'refused')
  await shopperSees(page, 'refused', 'We are on holiday')
  await expect(panel(page).getByRole('button', { name: /copy invoice|pay with/i })).toHaveCount(0)
  await page.getByRole('button', { name: 'Put the items in the cart again' }).click()
  await expect(page).toHaveURL(/#\/cart/)
})

test('Gamma: more arrives than was asked, and the merchant is told by how much', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'Gamma', 'Otto Over')
  await payFromPhone(await copiedInvoice(page), 60_000)
  await deskSees(merchant, 'overpaid', 'Arrived 60,000 sat')
  await shopperSees(page, 'paid', 'says the merchant')
})

test('NIP-15: a wallet that falls silent while it pays: nothing else is offered until it is known, whatever the clock says', async ({ arrive }) => {
  const { page } = await bothAtOrder(arrive, 'NIP-15', 'Sita Silent', { clock: true })
  await shopperSees(page, 'ready')
  await faults({ stall: true, only: 'shopper' })
  await payByWallet(page)
  await shopperSees(page, 'paying', 'Paying')
  await page.clock.fastForward('01:05')
  await shopperSees(page, 'outcome-unknown', 'Your wallet has not answered yet')
  await page.reload()
  await shopperSees(page, 'outcome-unknown')
  await page.clock.fastForward('01:00:00')
  await shopperSees(page, 'expired-while-paying', 'The invoice expired while your wallet was paying')
  await expect(panel(page).getByRole('button', { name: /new invoice|copy invoice|pay with/i })).toHaveCount(0)
  await page.clock.fastForward('10:05')
  await shopperSees(page, 'could-not-check', 'Your wallet never answered')
  await page.getByRole('button', { name: 'My wallet shows no payment' }).click()
  await shopperSees(page, 'expired')
})

test('Gamma: the wallets of both sides are out of reach when it is paid: known to be unknown, then found', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'Gamma', 'Cleo Checking')
  await shopperSees(page, 'ready')
  await deskSees(merchant, 'waiting')
  await faults({ offline: true, only: 'merchant' })
  await payByWallet(page)
  await shopperSees(page, 'paid', 'Paid, and proved')
  await deskSees(merchant, 'could-not-check', 'Your wallet could not be asked')
  await faults({ reset: true })
  await merchant.getByTestId('lookup').click()
  await deskSees(merchant, 'paid')
})

test('Gamma: another program of the merchant\'s asks with an invoice that does not fit: nobody pays it, both read why, a new one is right', async ({ arrive }) => {
  const { merchant, page } = await bothAtOrder(arrive, 'Gamma', 'Mira Mismatch')
  await shopperSees(page, 'ready')
  const [from, to] = [personOf('dario'), personOf('shopper')]
  const request = encodeGammaRequest({ orderId: orderIdOf(page), shopper: to.pubkey, sat: 40_000, text: 'A small correction', options: [{ type: 'ln', label: 'ln', link: await lnbitsInvoice('dario', 90_000) }] })
  if (!request.ok)
    throw new Error(request.error.code)
  await page.waitForTimeout(1_100)
  const at = toSeconds(Math.floor(Date.now() / 1000))
  // To the shopper, and to the sender's own other devices.
  for (const receiver of [to, from])
    await somebodyElsewhere(from.secret).send(wrapped(request.value, { from, to: receiver, at }))
  await shopperSees(page, 'mismatch', 'Check this before you pay')
  await expect(panel(page).getByRole('button', { name: /copy invoice|pay with/i })).toHaveCount(0)
  await deskSees(merchant, 'mismatch', 'The invoice that was sent cannot be right')
  await merchant.getByTestId('make-invoice').click()
  // The right one of before can still be paid: said before another goes out.
  await merchant.getByTestId('former-confirm').click()
  await deskSees(merchant, 'waiting')
  await shopperSees(page, 'ready')
})
