import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { toAddress } from '../../../../src/domain/catalog/address'
import type { PaymentDetail } from '../../../../src/domain/catalog/nip99-types'
import type { Profile } from '../../../../src/domain/catalog/types'
import { foldThread } from '../../../../src/domain/order/fold'
import { prepaidOf } from '../../../../src/domain/order/prepaid'
import type { OrderMessage } from '../../../../src/domain/order/types'
import { hex32, idOf, invoiceAt, KEY, local, people, placed, refusal, request, walletPaid, T0 } from '../../../support/order-messages'

const merchant = people.merchant
const profile = (more: Partial<Profile> = {}): Profile => ({ pubkey: merchant, name: 'Esma', about: '', picture: '', nip05: '', lud16: 'esma@wool.example', paymentPreference: 'manual', at: toSeconds(T0), ...more })
const detail = (destination: string, more: Partial<PaymentDetail> = {}): PaymentDetail =>
  ({ address: `30078:${merchant}:x`, author: merchant, id: 'x', eventId: idOf(1), publishedAt: toSeconds(T0), dialect: 'plebeian', merchant, method: 'ln', destination, isDefault: true, products: [], ...more } as PaymentDetail)
const how = (dialect: 'nip15' | 'gamma' | 'plebeian' | 'shopstr', one: Profile | undefined, details: readonly PaymentDetail[] = []) => prepaidOf({ merchant, dialect, profile: one, details })?.address

describe('who is paid without being asked', () => {
  test('merchants of Plebeian and Shopstr, whatever they prefer', () => {
    for (const dialect of ['plebeian', 'shopstr'] as const) {
      expect(how(dialect, profile())).toBe('esma@wool.example')
      expect(how(dialect, profile({ lud16: '' }), [detail('till@wool.example')])).toBe('till@wool.example')
      // Nothing to pay: said, not waited for.
      expect(how(dialect, profile({ lud16: '' }))).toBeNull()
      // Not here yet: nobody can say.
      expect(how(dialect, undefined)).toBeUndefined()
    }
  })
  test('others only where their profile says so and names an address; NIP-15 never', () => {
    expect(how('gamma', profile())).toBeUndefined()
    expect(how('gamma', profile({ paymentPreference: 'lud16' }))).toBe('esma@wool.example')
    expect(how('gamma', profile({ paymentPreference: 'lud16', lud16: '' }))).toBeUndefined()
    expect(how('nip15', profile({ paymentPreference: 'lud16' }))).toBeUndefined()
  })
  test('a payment detail for single goods, of another sort, or that is no address is not the merchant\'s own', () => {
    const none = profile({ lud16: '' })
    expect(how('plebeian', none, [detail('till@wool.example', { products: [toAddress(30402, merchant, 'hat')] })])).toBeNull()
    expect(how('plebeian', none, [detail('till@wool.example', { method: 'cashu' }), detail('bc1qxyz')])).toBeNull()
  })
})

const selfMade = (n: number, at: number, index: number) =>
  local({ n, at }, people.shopper, { type: 'self-made', paymentHash: hex32(invoiceAt(index).paymentHash), bolt11: invoiceAt(index).bolt11, msat: toMsat(invoiceAt(index).msat ?? 0), address: 'esma@wool.example', host: 'wool.example', verify: null })
const fold = (...messages: readonly OrderMessage[]) => {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...messages])
  if (order === undefined)
    throw new TypeError('no order')
  return order
}

describe('T2, T10: an invoice that nobody sent, among the others', () => {
  test('counts as what is to be paid, and a newer one replaces it', () => {
    expect(fold(selfMade(5, 10, 0))).toMatchObject({ status: 'payment_requested', request: { paymentHash: invoiceAt(0).paymentHash, selfMade: { address: 'esma@wool.example' } } })
    expect(fold(selfMade(5, 10, 0), selfMade(6, 20, 1)).request?.paymentHash).toBe(invoiceAt(1).paymentHash)
  })
  test.each([['before', 5], ['after', 20]])('gives way to the merchant\'s own request, which came %s it', (_word, at) => {
    const order = fold(selfMade(5, 10, 0), request({ n: 6, at }, invoiceAt(1)))
    expect(order.request?.paymentHash).toBe(invoiceAt(1).paymentHash)
    expect(order.requests.find(one => one.selfMade !== undefined)?.supersededBy).toBe(idOf(6))
  })
  test('a refusal ends it', () => {
    expect(fold(selfMade(5, 10, 0), refusal({ n: 6, at: 20 }))).toMatchObject({ status: 'failed', request: null })
  })
  test('T9: paid and then asked again, and both paid', () => {
    const both = fold(selfMade(5, 10, 0), walletPaid({ n: 7, at: 15 }, invoiceAt(0)), request({ n: 6, at: 20 }, invoiceAt(1)))
    expect(both).toMatchObject({ payment: 'proved', problems: [] })
    expect(fold(selfMade(5, 10, 0), walletPaid({ n: 7, at: 15 }, invoiceAt(0)), request({ n: 6, at: 20 }, invoiceAt(1)), walletPaid({ n: 8, at: 25 }, invoiceAt(1))).problems).toEqual(['paid-twice'])
  })
  test('T3: the merchant can put none in', () => {
    const byMerchant = { ...selfMade(5, 10, 0), author: people.merchant, receiver: people.merchant }
    expect(fold(byMerchant).request).toBeNull()
  })
})
