import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import type { Dialect } from '../../../../src/domain/catalog/types'
import { dialectForOrder, dialectForTalk, dialectOfOrder, heardAfter, noEvidence, type Evidence, type Spoken } from '../../../../src/domain/order/dialect-choice'
import { foldThread } from '../../../../src/domain/order/fold'
import { readAppPreference } from '../../../../src/domain/protocol/app-preference'
import { orderKey } from '../../../../src/domain/order/keys'
import { chat, merchantSays, people, placed, shopperSays, T0 } from '../../../support/order-messages'

const orderId = 'order-4711'
const KEY = orderKey(people.shopper, people.merchant, orderId)
const said = (dialect: Dialect, at = 10): Spoken => ({ dialect, at: toSeconds(at) })
const having = (part: Partial<Evidence>): Evidence => ({ ...noEvidence, ...part })
const dialects = ['nip15', 'gamma', 'plebeian', 'shopstr'] as const

describe('a new order', () => {
  test.each<[string, Dialect, Partial<Evidence>, Dialect, string]>([
    ['nothing known', 'gamma', {}, 'gamma', 'listing'],
    ['a NIP-15 listing, whatever they speak elsewhere', 'nip15', { answered: [said('gamma')], apps: ['shopstr'] }, 'nip15', 'listing'],
    ['an unmarked listing, and an app they recommend', 'gamma', { apps: ['shopstr'] }, 'shopstr', 'app'],
    ['a marked listing before an app', 'plebeian', { apps: ['shopstr'] }, 'plebeian', 'listing'],
    ['their answer before everything', 'plebeian', { answered: [said('gamma')], apps: ['shopstr'] }, 'gamma', 'answered'],
    ['the newest of their answers', 'gamma', { answered: [said('plebeian', 5), said('shopstr', 9)] }, 'shopstr', 'answered'],
    ['answers by NIP-04 say nothing of NIP-99 goods', 'shopstr', { answered: [said('nip15', 99)] }, 'shopstr', 'listing'],
    ['what our orders used', 'gamma', { used: [said('shopstr'), said('nip15', 99)] }, 'shopstr', 'used'],
    ['of goods in Shopstr and elsewhere each speaks for itself', 'gamma', { published: ['shopstr', 'gamma'], answered: [said('shopstr')], apps: ['shopstr'] }, 'gamma', 'listing'],
    ['goods of two that read the same orders are no such shop', 'gamma', { published: ['plebeian', 'gamma', 'nip15'], answered: [said('plebeian')] }, 'plebeian', 'answered'],
    // Shopstr's chat looks like any other: it must not turn a Shopstr order into one that Shopstr never shows.
    ['chat tells only the envelope', 'shopstr', { talked: [said('gamma', 99)] }, 'shopstr', 'listing'],
  ])('%s', (_, listing, evidence, dialect, why) => {
    expect(dialectForOrder(listing, having(evidence))).toEqual({ dialect, why })
  })

  test('names goods of its own kind only, whatever the evidence', () => {
    const spoken = fc.array(fc.record({ dialect: fc.constantFrom(...dialects), at: fc.nat(1_000).map(toSeconds) }), { maxLength: 4 })
    const evidence = fc.record({ published: fc.array(fc.constantFrom(...dialects)), inbox: fc.constantFrom(true, false, null), apps: fc.array(fc.constantFrom(...dialects)), answered: spoken, talked: spoken, used: spoken })
    fc.assert(fc.property(fc.constantFrom(...dialects), evidence, (listing, known) => {
      expect(dialectForOrder(listing, known).dialect === 'nip15').toBe(listing === 'nip15')
    }))
  })
})

describe('words about no order', () => {
  test.each<[string, Partial<Evidence>, Dialect, string]>([
    ['nobody known', {}, 'nip15', 'default'],
    ['as they last wrote', { talked: [said('nip15', 9)], answered: [said('gamma', 5)], inbox: true }, 'nip15', 'answered'],
    ['a NIP-17 chat of a Shopstr merchant is answered where Shopstr shows it', { talked: [said('gamma', 9)], apps: ['shopstr'] }, 'shopstr', 'answered'],
    ['as our orders were', { used: [said('gamma')], published: ['nip15'] }, 'gamma', 'used'],
    ['who names inbox relays reads gift wraps', { inbox: true, published: ['nip15'] }, 'gamma', 'inbox'],
    ['no inbox relays, NIP-99 goods: wraps to public relays', { inbox: false, published: ['nip15', 'gamma'] }, 'gamma', 'published'],
    ['no inbox relays, NIP-15 goods only', { inbox: false, published: ['nip15'] }, 'nip15', 'published'],
  ])('%s', (_, evidence, dialect, why) => {
    expect(dialectForTalk(having(evidence))).toEqual({ dialect, why })
  })
})

describe('one order goes on as the other side last spoke', () => {
  const fold = (...messages: Parameters<typeof foldThread>[1] extends Iterable<infer M> ? M[] : never) => {
    const order = foldThread(KEY, messages)
    if (order === undefined)
      throw new TypeError('no order')
    return order
  }
  const order = placed({ n: 1, at: T0, orderId })

  test('nothing said yet: as it was placed', () => {
    expect(dialectOfOrder(fold(order), 'shopper')).toEqual({ dialect: 'nip15', why: 'this-order' })
  })
  test('the merchant answers in Gamma: the shopper goes on in Gamma, the merchant in what the shopper spoke', () => {
    const answered = fold(order, { ...merchantSays({ n: 2, at: T0 + 5, orderId }, { word: 'processing' }), dialect: 'gamma', transport: 'nip59' })
    expect(dialectOfOrder(answered, 'shopper')).toEqual({ dialect: 'gamma', why: 'answered' })
    expect(dialectOfOrder(answered, 'merchant')).toEqual({ dialect: 'nip15', why: 'this-order' })
  })
  test('a stranger\'s words, and our own, change nothing', () => {
    const before = fold(order)
    const stranger = { ...merchantSays({ n: 3, at: T0 + 5, orderId }, { word: 'processing' }), author: people.stranger, dialect: 'gamma' as const, transport: 'nip59' as const }
    expect(dialectOfOrder(fold(order, stranger), 'shopper')).toEqual(dialectOfOrder(before, 'shopper'))
    const own = { ...shopperSays({ n: 4, at: T0 + 6, orderId }, { word: 'delivered' }), dialect: 'gamma' as const, transport: 'nip59' as const }
    expect(dialectOfOrder(fold(order, own), 'shopper')).toEqual(dialectOfOrder(before, 'shopper'))
  })
  test('Shopstr cannot name NIP-15 goods: plain NIP-17 instead', () => {
    const heard = fold(order, { ...merchantSays({ n: 5, at: T0 + 5, orderId }, { shipped: true }), dialect: 'shopstr', transport: 'nip59' })
    expect(dialectOfOrder(heard, 'shopper').dialect).toBe('gamma')
  })
  test('an id that no subject would be taken for stays where it was placed', () => {
    const short = { dialect: 'nip15' as const, items: [], heardIn: { merchant: 'gamma' as const } }
    expect([dialectOfOrder({ ...short, id: 'order-1' }, 'shopper').dialect, dialectOfOrder({ ...short, id: orderId }, 'shopper').dialect]).toEqual(['nip15', 'gamma'])
  })
  test('the sequence of arrival does not matter', () => {
    const later = { ...chat({ n: 6, at: T0 + 9, orderId }, 'merchant', 'hello'), transport: 'nip04' as const }
    const earlier = { ...merchantSays({ n: 7, at: T0 + 5, orderId }, { word: 'processing' }), dialect: 'gamma' as const, transport: 'nip59' as const }
    expect(fold(order, later, earlier).heardIn).toEqual({ merchant: 'nip15' })
    expect(fold(earlier, order, later).heardIn).toEqual({ merchant: 'nip15' })
  })
})

test('words between people tell the envelope, everything else the dialect', () => {
  expect(heardAfter('shopstr', { type: 'chat', transport: 'nip59', dialect: 'gamma' })).toBe('shopstr')
  expect(heardAfter('nip15', { type: 'chat', transport: 'nip59', dialect: 'gamma' })).toBe('gamma')
  expect(heardAfter('gamma', { type: 'chat', transport: 'nip04', dialect: 'nip15' })).toBe('nip15')
  expect(heardAfter('gamma', { type: 'status', transport: 'public', dialect: 'plebeian' })).toBe('plebeian')
})

test('an app recommendation is read where it is about listings', () => {
  const shopstr = { kind: 31_990, content: '', tags: [['d', 'abc'], ['k', '30402'], ['web', 'https://shopstr.store/<bech-32>', 'npub']] }
  expect(readAppPreference(shopstr)).toBe('shopstr')
  expect(readAppPreference({ ...shopstr, tags: shopstr.tags.filter(([name]) => name !== 'k') })).toBeNull()
  expect(readAppPreference({ kind: 31_989, content: '', tags: [['d', '30402'], ['a', `31990:${'a'.repeat(64)}:plebeian-market`, 'wss://relay.example']] })).toBe('plebeian')
  expect(readAppPreference({ kind: 31_989, content: '', tags: [['d', '1'], ['a', '31990:x:shopstr']] })).toBeNull()
  expect(readAppPreference({ kind: 1, content: 'shopstr', tags: [['d', '30402'], ['k', '30402']] })).toBeNull()
})
