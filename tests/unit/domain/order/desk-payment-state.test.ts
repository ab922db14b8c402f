import { expect, test } from 'vitest'
import { deskPaymentView } from '../../../../src/components/desk/payment-view'
import { toMsat, toSeconds, type OrderKey } from '../../../../src/domain/brand'
import { deskPaymentState, type DeskPaymentNeeds } from '../../../../src/domain/order/desk-payment-state'
import { foldThread } from '../../../../src/domain/order/fold'
import { allowedActs } from '../../../../src/domain/order/acts'
import { reminderOf } from '../../../../src/domain/order/reminder'
import { nextStep } from '../../../../src/domain/order/status'
import type { OrderMessage } from '../../../../src/domain/order/types'
import { chat, hex32, invoiceAt, KEY, local, merchantSays, people, placed, receipt, request, settled, T0 } from '../../../support/order-messages'

const asked = request({ n: 2, at: 10 }, invoiceAt(0))
function desk(messages: readonly OrderMessage[], needs: Partial<Omit<DeskPaymentNeeds, 'order' | 'now'>> & { readonly after?: number } = {}) {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...messages], { viewer: people.merchant })
  if (order === undefined)
    throw new TypeError('no order')
  const { after = 20, ...rest } = needs
  return deskPaymentState({ order, now: toSeconds(T0 + after), network: 'mainnet', knownHashes: new Map(), unreachable: false, ...rest })
}

test('T7: what went out in the merchant\'s name and cannot be right is said on the desk, too', () => {
  expect(desk([asked], { network: 'regtest' })).toEqual({ type: 'mismatch', codes: ['wrong_network'] })
  expect(desk([asked], { knownHashes: new Map([[hex32(invoiceAt(0).paymentHash), 'another' as OrderKey]]) })).toEqual({ type: 'mismatch', codes: ['payment_hash_reused'] })
  expect(desk([request({ n: 2, at: 10 }, invoiceAt(0), { msat: toMsat(1_000) })])).toEqual({ type: 'mismatch', codes: ['amount_mismatch'] })
  expect(desk([request({ n: 2, at: 10 }, 'lnbc1damaged')])).toMatchObject({ type: 'mismatch' })
  expect(desk([asked])).toEqual({ type: 'waiting', expiresAt: T0 + 3_600 })
})

test('a wallet that cannot be asked is said where something could be asked, and hides no proof that is there', () => {
  expect(desk([asked], { unreachable: true })).toEqual({ type: 'could-not-check', claimed: false })
  expect(desk([asked, receipt({ n: 3, at: 15 }, invoiceAt(0))], { unreachable: true })).toEqual({ type: 'could-not-check', claimed: true })
  expect(desk([], { unreachable: true }).type).toBe('not-invoiced')
  expect(desk([asked, settled({ n: 3, at: 15 }, invoiceAt(0))], { unreachable: true })).toMatchObject({ type: 'paid', strength: 'proved' })
})

test('T8: held money is neither paid nor unpaid, whoever reports what; that the wallet is silent matters more, for it goes back by itself', () => {
  const hash = hex32(invoiceAt(0).paymentHash)
  const held = [asked, local({ n: 3, at: 15 }, people.merchant, { type: 'hold', step: 'held', paymentHash: hash, msat: toMsat(30_000) })]
  expect(desk(held)).toEqual({ type: 'reserved', by: 'wallet' })
  expect(desk([...held, receipt({ n: 4, at: 16 }, invoiceAt(0))])).toEqual({ type: 'reserved', by: 'wallet' })
  expect(desk([...held, merchantSays({ n: 4, at: 16 }, { cancelled: true })])).toEqual({ type: 'reserved', by: 'wallet' })
  expect(desk([asked, local({ n: 3, at: 15 }, people.merchant, { type: 'escrow', provider: 'locker', ref: '1', state: 'locked', msat: null, proof: '' })])).toEqual({ type: 'reserved', by: 'escrow' })
  expect(desk(held, { unreachable: true })).toEqual({ type: 'could-not-check', claimed: false })
  const back = [...held, local({ n: 5, at: 17 }, people.merchant, { type: 'hold', step: 'released', paymentHash: hash, reason: 'by-hand' })]
  expect(desk(back)).toEqual({ type: 'released' })
  expect(desk([...back, request({ n: 6, at: 18 }, invoiceAt(1))])).toMatchObject({ type: 'waiting' })
})

test('an invoice that was given up before anybody had paid it gives nobody money again: it can be paid no more', () => {
  const released = local({ n: 5, at: 17 }, people.merchant, { type: 'hold', step: 'released', paymentHash: hex32(invoiceAt(0).paymentHash), reason: 'replaced' })
  const state = desk([asked, released])
  expect(state).toEqual({ type: 'expired', expiredAt: T0 + 17, givenUp: true })
  const { title, lines } = deskPaymentView(state, { msat: String, now: T0 + 20 })
  expect([title, ...lines].join(' ')).toBe('The invoice can no longer be paid Nothing arrived, and your wallet takes no payment by it any more. Make a new invoice if the customer still wants to pay.')
})

test('what the wallet gave back by itself was held, though the desk was closed while it was', () => {
  const released = local({ n: 5, at: 17 }, people.merchant, { type: 'hold', step: 'released', paymentHash: hex32(invoiceAt(0).paymentHash), reason: 'by-wallet' })
  expect(desk([asked, released])).toEqual({ type: 'released' })
})

test('T8: preimages of two invoices are a reason to look, and no second payment that had to go back', () => {
  const twice = [asked, request({ n: 3, at: 12 }, invoiceAt(1)), receipt({ n: 4, at: 15 }, invoiceAt(0)), receipt({ n: 5, at: 16 }, invoiceAt(1))]
  expect(desk(twice)).toEqual({ type: 'checking', since: T0 + 15, expired: false })
  expect(foldThread(KEY, [placed({ n: 1, at: 0 }), ...twice], { viewer: people.merchant })?.problems).toEqual([])
  expect(foldThread(KEY, [placed({ n: 1, at: 0 }), ...twice], { viewer: people.shopper })?.problems).toContain('paid-twice')
})

test('T8: a receipt for a cancelled order makes the merchant look, and owe nothing yet', () => {
  const cancelled = [asked, merchantSays({ n: 3, at: 12 }, { cancelled: true }), receipt({ n: 4, at: 15 }, invoiceAt(0))]
  expect(desk(cancelled).type).toBe('checking')
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...cancelled], { viewer: people.merchant })
  expect(order && nextStep(order, 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
  expect(order && allowedActs(order, 'merchant')).not.toContain('refund')
  expect(desk([...cancelled, settled({ n: 5, at: 20 }, invoiceAt(0))])).toMatchObject({ type: 'paid-late', after: 'end', msat: 30_000 })
})

test('a reminder is due after an hour, and once a day at most', () => {
  const at = (seconds: number, ...lines: readonly OrderMessage[]) => {
    const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...lines])
    return order && reminderOf(order, toSeconds(T0 + seconds))
  }
  expect([at(3_599), at(3_600)]).toEqual(['early', 'due'])
  const asking = chat({ n: 3, at: 4_000 }, 'shopper', 'hello?')
  expect([at(4_100, asking), at(4_000 + 86_399, asking), at(4_000 + 86_400, asking)]).toEqual(['sent', 'sent', 'due'])
  expect(at(4_100, chat({ n: 3, at: 4_000 }, 'merchant', 'soon'))).toBe('due')
})
