/** What we send: our own output against the rules of a case, and against the model of the peer. */
import { toSeconds } from '../../src/domain/brand'
import { parseAddress, toAddress } from '../../src/domain/catalog/address'
import { parseMoney } from '../../src/domain/money/fiat'
import type { PaymentOption, PaymentOptionType } from '../../src/domain/order/types'
import { decodeMessage } from '../../src/domain/protocol/decode'
import { encodeGammaOrder } from '../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../src/domain/protocol/gift-wrap'
import { encodeShopstrOrder } from '../../src/domain/protocol/shopstr-encode'
import { readEvent } from '../../src/domain/protocol/event-shape'
import { encodeProduct, encodeRequest } from '../../src/domain/protocol/nip15-encode'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { relaysForRecipient, wrapSince } from '../../src/domain/protocol/relay-list'
import { isRecord } from '../../src/domain/protocol/json'
import { differences, type Difference } from './compare'
import { numberOf, recordOf, records, textOf, type Case, type Fields } from './fixture-set'
import { peerOrderId, peerVerdict, type PeerShop } from './peer-nostrmarket'
import type { Outcome } from './verdict'
import { knownOf, msatOf, personNamed, type World } from './world'

const texts = (value: unknown): readonly string[] => Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : []

/** null: the payload is of no sort that we know how to send. */
export function emitted(one: Case, world: World): unknown {
  const { payload } = one
  if (records(recordOf(payload['order'])['items']).length > 0)
    return sentOrder(one, recordOf(payload['order']), world)
  if (isRecord(payload['product']))
    return sentProduct(payload['product'])
  if (Array.isArray(payload['options']))
    return parsedJson(encodeRequest({ orderId: 'an-order', text: textOf(payload['text']), options: texts(payload['options']).map(asOption) }))
  if (typeof payload['lastSeenWrap'] === 'number')
    return { since: wrapSince(toSeconds(payload['lastSeenWrap'])) }
  if (isRecord(payload['recipient'])) {
    const { inboxRelays, readRelays, seenOn } = payload['recipient']
    return relaysForRecipient({ inboxRelays: Array.isArray(inboxRelays) ? texts(inboxRelays) : null, readRelays: texts(readRelays), seenOn: texts(seenOn) })
  }
  return null
}

const parsedJson = (text: string): unknown => JSON.parse(text)

/** An order of ours in the dialect of whom it goes to, as a rumor of our own and as it is read again. */
function sentOrder(one: Case, fields: Fields, world: World): unknown {
  const items = records(fields['items']).map(item => ({ product: parseAddress(textOf(item['productRef'])), quantity: numberOf(item['quantity']) ?? 1 }))
  const shopper = personNamed(world, 'shopper')?.pubkey
  const merchant = items[0]?.product?.author
  if (shopper === undefined || merchant === undefined)
    return null
  const draft = {
    orderId: textOf(fields['id']), shopper, merchant, shipping: '', sat: Number(msatOf(fields['amountMsat']) ?? 0) / 1000, name: '', address: '', contact: {}, shopperMessage: '',
    items: items.flatMap(({ product, quantity }) => product === null ? [] : [{ productId: product.id, product: toAddress(product.kind, product.author, product.id), quantity }]),
  }
  const template = (textOf(fields['dialect']) || one.peer) === 'shopstr' ? encodeShopstrOrder(draft) : encodeGammaOrder(draft)
  if (!template.ok)
    return template.error
  const { id, pubkey, created_at: sentAt, kind, tags, content } = toRumor(template.value, shopper, toSeconds(1_700_000_000))
  const read = decodeMessage({ id, author: pubkey, receiver: merchant, sentAt, transport: 'nip59', plaintext: content, kind, tags })
  const isOwn = read.ok && read.value.message.type === 'order' && read.value.message.throwAway === undefined
  return { kind, content, tags: Object.fromEntries(tags.toReversed().map(tag => [tag[0], tag])), author: isOwn ? 'real key' : 'somebody' }
}

const LINKS: Readonly<Record<string, string>> = { ln: 'lnbc1example', lnurl: 'lnurl1example', btc: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', url: 'https://pay.example.com/1' }
const isType = (type: string): type is PaymentOptionType => Object.hasOwn(LINKS, type)
const asOption = (type: string): PaymentOption => ({ type: isType(type) ? type : 'other', label: type, link: LINKS[type] ?? type })

/** A product of ours with the fields that the case names. */
function sentProduct(fields: Fields): unknown {
  const stock = fields['stock'] === null ? null : numberOf(fields['stock']) ?? 1
  const currency = textOf(fields['currency']).toUpperCase() || 'SAT'
  const event = encodeProduct({
    id: textOf(fields['id']) || 'product', stallId: textOf(fields['stallId']) || 'stall', name: textOf(fields['name']) || 'Product', description: textOf(fields['description']),
    images: [], currency, price: parseMoney(textOf(fields['price']) || '5', currency), stock, active: fields['active'] !== false, categories: texts(fields['categories']), specs: [], zoneExtras: new Map(),
  }, toSeconds(1_700_000_000))
  return { ...event, content: parsedJson(event.content) }
}

/** The small language of `check`: a literal, or one of the phrases below. */
export function checkEmitted(check: Fields, output: unknown): readonly Difference[] {
  return Object.entries(check).flatMap(([path, expected]) => {
    const got = path.split('.').reduce<unknown>((value, name) => isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined, output)
    return typeof expected === 'string' && holds(expected, got, output) === true ? [] : typeof expected === 'string' && holds(expected, got, output) === false ? [{ at: path, expected, got }] : differences(expected, got, path)
  })
}

/** undefined: no phrase of ours, but a literal. */
function holds(phrase: string, got: unknown, output: unknown): boolean | undefined {
  const least = /^integer\s*>=\s*(\d+)$/.exec(phrase)?.[1]
  if (least !== undefined)
    return Number.isInteger(got) && Number(got) >= Number(least)
  const most = /^absent or <=\s*(\d+)$/.exec(phrase)?.[1]
  if (most !== undefined)
    return got === undefined || (typeof got === 'number' && got <= Number(most))
  if (/ln option first/.test(phrase)) {
    const message = recordOf(output)['message']
    return Array.isArray(got) && (got.length === 0 ? typeof message === 'string' && message !== '' : recordOf(got[0])['type'] === 'ln')
  }
  const element = /^(?:(\S+), )?two elements$/.exec(phrase)
  if (element !== null)
    return Array.isArray(got) && got.length === 2 && (element[1] === undefined || got[1] === element[1])
  return undefined
}

/** The shop as it was first published in this folder, or as the case itself names it. */
function shopOf(one: Case, { file }: World): PeerShop {
  const own = knownOf(one)
  const published = own.length > 0 ? own : file.cases.flatMap(({ payload }) => [payload['event'], ...records(payload['known'])]).filter(isRecord)
  const products = new Map<string, { readonly stallId: string, readonly quantity: number | null, readonly at: number }>()
  const zones = new Set<string>()
  for (const raw of published) {
    const event = readEvent(raw)
    const listing = event.ok ? decodePublic(event.value) : null
    if (listing?.ok === true && listing.value.type === 'product') {
      const { id, stallId, stock, publishedAt } = listing.value.product
      if (publishedAt < (products.get(id)?.at ?? Infinity))
        products.set(id, { stallId, quantity: stock, at: publishedAt })
    }
    else if (listing?.ok === true && listing.value.type === 'stall') {
      for (const zone of listing.value.stall.zones)
        zones.add(zone.id)
    }
  }
  return { products, zones }
}

export function peerAnswer(one: Case, world: World): Outcome {
  const used = new Set(texts(one.payload['sent']).flatMap(text => peerOrderId(text) ?? []))
  return { outcome: 'peer', peerDoes: peerVerdict(textOf(one.payload['plaintext']), shopOf(one, world), used) }
}

