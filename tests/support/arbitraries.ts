/** Generators of listings and messages as our own people would write them. */
import fc from 'fast-check'
import { toSeconds, type EventId } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import type { Product, ShippingZone, Stall } from '../../src/domain/catalog/types'
import type { Money } from '../../src/domain/money/types'
import { kinds, type NostrEvent, type OpenedMessage, type UnsignedEvent } from '../../src/domain/protocol/event'
import { idOf, people, T0 } from './order-messages'

export const currency = fc.constantFrom('SAT', 'EUR', 'JPY', 'KWD')
/** Amounts whose wire form, a JSON number, is exact. */
export const minor = fc.nat(1_000_000_000)
export const moneyIn = (code: string): fc.Arbitrary<Money> => minor.map(amount => ({ currency: code, minor: amount }))

const word = fc.string({ minLength: 1, maxLength: 30 })
export const wireId = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/)

export const zoneIn = (code: string): fc.Arbitrary<ShippingZone> =>
  fc.record({ id: wireId, name: fc.string({ maxLength: 30 }), cost: moneyIn(code), countries: fc.uniqueArray(word, { maxLength: 4 }) })

export const stall: fc.Arbitrary<Stall> = currency.chain(code => fc.record({
  id: wireId, name: fc.string({ maxLength: 60 }), description: fc.string({ maxLength: 200 }), zones: fc.uniqueArray(zoneIn(code), { maxLength: 5, selector: zone => zone.id }),
}).map(fields => ({ ...fields, currency: code, address: toAddress(kinds.stall, people.merchant, fields.id), author: people.merchant, eventId: idOf(1), publishedAt: toSeconds(T0), dialect: 'nip15' as const })))

export const productIn = (code: string): fc.Arbitrary<Product> => fc.record({
  id: wireId, stallId: wireId, name: word, description: fc.string({ maxLength: 200 }), images: fc.uniqueArray(fc.nat(99).map(n => `https://img.example.com/${n}.webp`), { maxLength: 3 }),
  price: moneyIn(code), stock: fc.option(fc.nat(500)), active: fc.boolean(), categories: fc.array(word, { maxLength: 3 }),
  specs: fc.array(fc.tuple(word, word), { maxLength: 3 }),
  zoneExtras: fc.dictionary(wireId, minor.filter(amount => amount > 0), { maxKeys: 3 }).map(extras => new Map(Object.entries(extras).map(([id, amount]) => [id, { currency: code, minor: amount }]))),
}).map(fields => ({
  ...fields, currency: code, stallAddress: toAddress(kinds.stall, people.merchant, fields.stallId),
  address: toAddress(kinds.product, people.merchant, fields.id), author: people.merchant, eventId: idOf(2), publishedAt: toSeconds(T0), dialect: 'nip15' as const,
}))
export const product: fc.Arbitrary<Product> = currency.chain(productIn)

export const signedAs = (event: UnsignedEvent, id: EventId): NostrEvent => ({ ...event, id, pubkey: people.merchant, sig: '0'.repeat(128) })

export const opened = (plaintext: string, by: 'shopper' | 'merchant' = 'merchant'): OpenedMessage => ({
  id: idOf(7), author: people[by], receiver: people[by === 'shopper' ? 'merchant' : 'shopper'], sentAt: toSeconds(T0), transport: 'nip04', plaintext,
})
