import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { isListed, isOrderable, needsChoice, whyNotOrderable } from '../../../../src/domain/catalog/product'
import { kinds } from '../../../../src/domain/protocol/event'
import { dialectOfMerchant } from '../../../../src/domain/protocol/listing-dialect'
import { decodePublic } from '../../../../src/domain/protocol/public-events'
import { collectionRef, eventOf, gammaProduct, listingOf, optionRef, shippingOption } from '../../../support/gamma-listings'
import { people, T0 } from '../../../support/order-messages'

type Rows = readonly (readonly string[])[]
const mug = (...tags: Rows) => gammaProduct('mug', tags)
const gammaAddress = (id: string, by: string = people.merchant) => `30402:${by}:${id}`
const refusal = (kind: number, tags: Rows, content = '', by = people.merchant) => {
  const read = decodePublic(eventOf(kind, tags, { content, by }))
  return read.ok ? 'accepted' : read.error.code
}

describe('a product of NIP-99', () => {
  test.each([
    ['no d', [['title', 'Mug'], ['price', '9', 'EUR']], 'no-d'],
    ['no title', [['d', 'mug'], ['price', '9', 'EUR']], 'schema'],
    ['a title that shows nothing', [['d', 'mug'], ['title', '\u202E\u0007'], ['price', '9', 'EUR']], 'schema'],
    ['no price', [['d', 'mug'], ['title', 'Mug']], 'schema'],
    ['an unknown currency', [['d', 'mug'], ['title', 'Mug'], ['price', '9', 'BEADS']], 'schema'],
    ['an endless title', [['d', 'mug'], ['title', 'x'.repeat(1_025)], ['price', '9', 'EUR']], 'limit'],
    ['an endless d', [['d', 'x'.repeat(1_025)], ['title', 'Mug'], ['price', '9', 'EUR']], 'limit'],
  ] as const)('is refused with %s', (_, tags, code) => {
    expect(refusal(kinds.gammaProduct, tags)).toBe(code)
  })
  test.each([['24.50', 'EUR', 'EUR', 2_450], ['1', 'SATS', 'SAT', 1_000], ['1', 'sat', 'SAT', 1_000], ['0.00000001', 'BTC', 'BTC', 1_000], ['1.999', 'EUR', 'EUR', 200], ['500', 'jpy', 'JPY', 500]])('costs %s %s', (amount, code, currency, minor) => {
    expect(mug(['price', amount, code]).price).toEqual({ currency, minor })
  })
  test.each(['-1', '1,5', '1e3', 'NaN', '', 'free', '0x10'])('a price of %j is none: shown, not for sale', (amount) => {
    const product = mug(['price', amount, 'EUR'])
    expect([product.price, whyNotOrderable(product), isListed(product)]).toEqual([null, 'no-price', true])
  })
  test.each([[[['stock', '12']], 12], [[['stock', '0']], 0], [[['quantity', '3']], 3], [[['stock', '1'], ['quantity', '3']], 1], [[], null], [[['stock', '']], null], [[['stock', '-1']], 0], [[['stock', '1.5']], 0], [[['stock', 'many']], 0]] as const)('%j in stock', (tags, stock) => {
    expect(mug(...tags).stock).toBe(stock)
  })
  test('shows pictures of public hosts by their number', () => {
    const images = mug(['image', 'https://a.example/2', '', '2'], ['image', 'https://a.example/x'], ['image', 'javascript:alert(1)', '', '0'], ['image', 'https://10.0.0.1/x', '', '0'], ['image', 'https://a.example/1', '800x600', '1']).images
    expect(images).toEqual(['https://a.example/1', 'https://a.example/2', 'https://a.example/x'])
  })
  test('is what its type says; without one digital, unless Shopstr sends it', () => {
    const kindOf = (...tags: Rows) => [mug(...tags).nip99?.format, mug(...tags).nip99?.goods]
    expect([kindOf(), kindOf(['type', 'Variable', 'Physical']), kindOf(['type', 'odd', 'odd']), kindOf(['shipping', 'Free', '0', 'sats']), kindOf(['shipping', 'N/A', '0', 'sats'])])
      .toEqual([['simple', 'digital'], ['variable', 'physical'], ['simple', 'digital'], ['simple', 'physical'], ['simple', 'digital']])
  })
  test('has a parent only as a variation, and only of the same author', () => {
    const parent = ['a', gammaAddress('mugs')]
    expect(mug(['type', 'variation', 'physical'], parent).nip99?.parent).toBe(gammaAddress('mugs'))
    expect(mug(['type', 'simple', 'physical'], parent).nip99?.parent).toBeNull()
    expect(mug(['type', 'variation', 'physical'], ['a', gammaAddress('mugs', people.stranger)]).nip99?.parent).toBeNull()
  })
  test('belongs to collections of its author, by address or by Plebeian\'s bare id', () => {
    expect(mug(['a', collectionRef('c')], ['collection', 'd'], ['collection', collectionRef('c')], ['a', collectionRef('e', people.stranger)]).nip99?.collections).toEqual([collectionRef('c'), collectionRef('d')])
  })
  test('names shipping options by address or bare id, each once', () => {
    expect(mug(['shipping_option', 'post', '1.20'], ['shipping_option', optionRef('shop')], ['shipping_option', '31990:x:y'], ['shipping_option', '']).nip99?.shippingOptions)
      .toEqual([{ ref: optionRef('post'), extra: { currency: 'EUR', minor: 120 } }, { ref: optionRef('shop'), extra: { currency: 'EUR', minor: 0 } }])
  })
  test('of a weight tag the second word tells a mass from a variant', () => {
    expect([mug(['weight', '310', 'g']).nip99?.weight, mug(['weight', '310', 'g']).nip99?.variants.weights]).toEqual([{ value: '310', unit: 'g' }, []])
    expect([mug(['weight', '500g', '4.50']).nip99?.weight, mug(['weight', '500g', '4.50']).nip99?.variants.weights]).toEqual([null, [{ name: '500g', price: { currency: 'EUR', minor: 450 } }]])
    // A mass in words that are a number too: still a price.
    expect(mug(['weight', '500', '9000']).nip99?.variants.weights).toEqual([{ name: '500', price: { currency: 'EUR', minor: 900_000 } }])
  })
  test('variants with a price that cannot be read are left out, without one they cost the same', () => {
    const { variants } = mug(['volume', '1 l', '20'], ['volume', '2 l', '-3'], ['volume', '3 l'], ['bulk', '10', '80'], ['bulk', '0', '5'], ['bulk', 'x', '5'], ['size', 'M', '3'], ['size', 'L'], ['size', 'S', '?']).nip99 ?? {}
    expect(variants).toEqual({
      volumes: [{ name: '1 l', price: { currency: 'EUR', minor: 2_000 } }, { name: '3 l', price: { currency: 'EUR', minor: 900 } }], weights: [],
      bulk: [{ units: 10, price: { currency: 'EUR', minor: 8_000 } }], sizes: [{ name: 'M', stock: 3 }, { name: 'L', stock: null }, { name: 'S', stock: 0 }],
    })
    expect([needsChoice(mug(['size', 'M', '1'])), needsChoice(mug(['bulk', '10', '80'])), needsChoice(mug())]).toEqual([true, false, false])
  })
  test('categories lose Shopstr\'s mark, and what is too long or unseen', () => {
    expect(mug(['t', 'Tea '], ['t', 'shopstr'], ['t', 'x'.repeat(101)], ['t', 'a\u0000b'], ['t', 'Tea']).categories).toEqual(['Tea'])
  })
  test('tags of its content never become its own fields', () => {
    expect(mug(['pubkey', people.stranger], ['__proto__', 'x'], ['constructor', 'y'])).toEqual(mug())
  })
})

describe('a product of NIP-99 can be ordered', () => {
  test.each([
    ['on sale', [], true, true],
    ['as pre-order', [['visibility', 'pre-order']], true, true],
    ['not when hidden', [['visibility', 'hidden']], false, false],
    ['not when sold', [['status', 'sold']], false, true],
    ['not when none is left', [['stock', '0']], false, true],
    ['not when no size is left', [['size', 'M', '0'], ['size', 'L', '0']], false, true],
    ['while one size is left', [['size', 'M', '0'], ['size', 'L', '1']], true, true],
    ['not as parent of variations', [['type', 'variable', 'physical']], false, true],
    ['as variation', [['type', 'variation', 'physical']], true, true],
    ['until it expires', [['valid_until', String(T0)]], false, false],
    ['before it expires', [['valid_until', String(T0 + 1)]], true, true],
  ] as const)('%s', (_, tags, orderable, listed) => {
    const product = mug(...tags)
    expect([isOrderable(product, toSeconds(T0)), isListed(product, toSeconds(T0))]).toEqual([orderable, listed])
  })
  test('never as a draft', () => {
    const draft = listingOf(eventOf(kinds.gammaDraft, [['d', 'mug'], ['title', 'Mug'], ['price', '9', 'EUR']]))
    expect(draft).toMatchObject({ type: 'product', product: { address: `30403:${people.merchant}:mug`, active: false, nip99: { draft: true } } })
  })
})

describe('which dialect a merchant speaks', () => {
  test.each([
    [30_018, [['client', 'Shopstr']], 'nip15'],
    [30_402, [['client', 'Shopstr', 'x']], 'shopstr'],
    [30_402, [['t', 'shopstr']], 'shopstr'],
    [30_402, [['client', 'Plebeian Market']], 'plebeian'],
    [30_402, [['d', 'product_1793000000111_k3x9q']], 'plebeian'],
    [30_402, [['d', 'product_of_mine']], 'gamma'],
    [30_406, [['d', 'shipping_1793000000001_aa1bb']], 'plebeian'],
    [30_402, [['d', 'mug'], ['client', 'Other']], 'gamma'],
  ] as const)('%i %j: %s', (kind, tags, dialect) => {
    expect(dialectOfMerchant({ kind, tags })).toBe(dialect)
  })
})

describe('a shipping option', () => {
  const option = (...tags: Rows) => shippingOption('post', ['4.90', 'EUR'], tags)

  test.each([
    [[], 'worldwide'], [[['country']], 'worldwide'], [[['country', 'Worldwide', 'DE']], 'worldwide'],
    [[['country', 'DEU', 'at', 'France', 'de']], ['DE', 'AT', 'FR']], [[['country', 'DE'], ['country', 'AUT']], ['DE', 'AT']],
    [[['country', 'Narnia']], ['Narnia']],
  ] as const)('%j goes to %j', (tags, countries) => {
    expect(option(...tags).countries).toEqual(countries)
  })
  test('without a price that can be read is no option, rather than a free one', () => {
    const of = (...price: readonly string[]) => refusal(kinds.shippingOption, [['d', 'x'], ['title', 'x'], ['price', ...price]])
    expect([of('', 'EUR'), of('-1', 'EUR'), of('5'), of('5', 'BEADS'), of()]).toEqual(Array(5).fill('schema'))
  })
  test('of a word that nobody knows is sent by post', () => {
    expect([option(['service', 'teleport']).service, option().service, option(['service', 'Digital']).service]).toEqual(['standard', 'standard', 'digital'])
  })
  test('takes as long as it says, if it says so', () => {
    expect([option(['duration', '3', '9', 'D']).duration, option(['duration', '9', '3', 'D']).duration, option(['duration', '3', '9', 'years']).duration]).toEqual([{ min: 3, max: 9, unit: 'D' }, null, null])
  })
  test('is fetched at a place only if it is fetched', () => {
    expect(option(['pickup-street', '1 Elm'], ['service', 'pickup'], ['pickup-city', 'Reno']).pickup).toBe('1 Elm, Reno')
    expect(option(['pickup-address', '1 Elm']).pickup).toBe('')
  })
})

describe('a review', () => {
  const target = `a:30402:${people.merchant}:mug`
  const review = (ratings: Rows, by = people.shopper, d = target) => decodePublic(eventOf(kinds.review, [['d', d], ...ratings.map(rating => ['rating', ...rating])], { by, content: 'fine' }))
  const scoreOf = (...ratings: Rows) => {
    const read = review(ratings)
    return read.ok && read.value.type === 'review' ? read.value.review.score : read.ok || read.error.code
  }
  test.each([
    [[['1', 'thumb'], ['0.8', 'quality'], ['0.6', 'delivery']], 0.85],
    [[['0', 'thumb']], 0], [[['1', 'thumb']], 1], [[['1', 'thumb'], ['0', 'quality']], 0.5],
    [[['7', 'thumb'], ['-3', 'quality']], 0.5], [[['1', 'thumb'], ['much', 'quality']], 1],
    [[['0.8', 'quality']], 'schema'], [[['NaN', 'thumb']], 'schema'], [[], 'schema'],
  ] as const)('%j comes to %s', (ratings, score) => {
    expect(scoreOf(...ratings)).toBe(score)
  })
  test('lies between nothing and all, whatever is sent', () => {
    const rating = fc.tuple(fc.oneof(fc.double().map(String), fc.string()), fc.constantFrom('thumb', 'a', 'b', '')).map(row => [...row])
    fc.assert(fc.property(fc.array(rating), (ratings) => {
      const score = scoreOf(...ratings)
      expect(typeof score === 'number' ? score >= 0 && score <= 1 : score).toSatisfy((one: unknown) => one === true || one === 'schema')
    }))
  })
  test('of one\'s own product, or of nothing, is none', () => {
    const codeOf = (read: ReturnType<typeof review>) => read.ok || read.error.code
    expect(codeOf(review([['1', 'thumb']], people.merchant))).toBe('own-review')
    expect(['mug', `30402:${people.merchant}:mug`, `a:30402:${people.merchant}:`, `a:30018:${people.merchant}:mug`, 'a:30402:x:mug'].map(d => codeOf(review([['1', 'thumb']], people.shopper, d)))).toEqual(Array(5).fill('schema'))
  })
})

describe('where a merchant is paid', () => {
  const body = { payment_method: 'ln', payment_detail: 'shop@pay.example', is_default: false }
  test('Plebeian\'s own kind of app data, and no other', () => {
    expect(refusal(kinds.appData, [['d', 'cart']], JSON.stringify(body))).toBe('unsupported')
    expect([refusal(kinds.appData, [['d', 'x'], ['l', 'payment_detail']], '{'), refusal(kinds.appData, [['d', 'x'], ['l', 'payment_detail']], '{}')]).toEqual(['not-json', 'schema'])
    expect(listingOf(eventOf(kinds.appData, [['d', 'x'], ['l', 'payment_detail'], ['a', gammaAddress('mug')], ['a', gammaAddress('mug', people.stranger)]], { content: JSON.stringify(body) })))
      .toMatchObject({ type: 'payment-detail', detail: { merchant: people.merchant, method: 'ln', destination: 'shop@pay.example', isDefault: false, products: [gammaAddress('mug')] } })
  })
  test.each([
    [{ lud16: 'mina@pay.example', payment_preference: 'lightning' }, [], 'mina@pay.example', 'lud16'],
    [{ lud16: 'not an address', payment_preference: 'fiat' }, [], '', 'fiat'],
    [{ payment_preference: 'fiat' }, [['payment_preference', 'ecash']], '', 'ecash'],
    [{ payment_preference: { lightning: true } }, [], '', 'manual'],
    [{}, [], '', 'manual'],
  ] as const)('the profile says it: %j %j', (content, tags, lud16, paymentPreference) => {
    expect(listingOf(eventOf(kinds.profile, tags, { content: JSON.stringify(content) }))).toMatchObject({ type: 'profile', profile: { lud16, paymentPreference } })
  })
})

describe('what is not for the market', () => {
  test('is passed over by its kind', () => {
    expect([refusal(1, [['t', 'zapsnag'], ['d', 'zapsnag']]), refusal(16, [['e', 'x'], ['k', '30402']]), refusal(16, [['order', 'x'], ['type', '1']])]).toEqual(['kind', 'repost', 'kind'])
  })
  test('a shop\'s own profile is no market of several', () => {
    const content = JSON.stringify({ name: 'Cap house', about: 'x', ui: { picture: 'https://a.example/p', banner: 'http://a.example/b' }, merchants: [people.stranger] })
    expect(listingOf(eventOf(kinds.market, [['d', people.merchant]], { content }))).toMatchObject({ type: 'shop-profile', shop: { merchant: people.merchant, name: 'Cap house', about: 'x', picture: 'https://a.example/p', banner: '' } })
    expect(listingOf(eventOf(kinds.market, [['d', 'm']], { content }))).toMatchObject({ type: 'market' })
  })
})
