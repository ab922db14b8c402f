/** Generated histories of one order as events of relays: both dialects mixed, really encrypted and signed, and what hostile people add. */
import fc from 'fast-check'
import { encrypt as encryptNip04 } from 'nostr-tools/nip04'
import { toMsat, toSeconds, type EventId } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import { orderKey } from '../../src/domain/order/keys'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { encodeGammaChat, encodeGammaReceipt, encodeGammaStatus, type RumorTemplate } from '../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../src/domain/protocol/gift-wrap'
import { lettersOf } from '../../src/domain/protocol/letters'
import type { Saying } from '../../src/domain/protocol/saying'
import { pubkeyOf, secrets } from './flow-people'
import { idOf, invoiceAt, T0 } from './order-messages'
import { person, signed, type Person } from './signed'
import { wrapped } from './wraps'

export const shopperKey: Person = { secret: secrets.shopper, pubkey: pubkeyOf('shopper') }
export const merchantKey: Person = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
export const strangerKey = person(7)
export const WIRE_ID = '8f21cbf3-d4bc-4b8b-a1b8-db9d135df7b3'
export const WIRE_KEY = orderKey(shopperKey.pubkey, merchantKey.pubkey, WIRE_ID)
const MUG = toAddress(30_402, merchantKey.pubkey, 'mug')

/** `open`: signed and readable by all, as Plebeian does it. */
export type Manner = 'nip15' | 'gamma' | 'open'
interface By { readonly from: Person, readonly to: Person, readonly at: number }

/** One message as its writer's client brings it: for the reader, and for itself. */
export function sent(manner: Manner, plaintextOrTemplate: string | RumorTemplate, { from, to, at }: By): readonly NostrEvent[] {
  const time = toSeconds(T0 + at)
  if (typeof plaintextOrTemplate === 'string')
    return [signed({ kind: 4, created_at: time, tags: [['p', to.pubkey]], content: encryptNip04(from.secret, to.pubkey, plaintextOrTemplate) }, from)]
  const { kind, tags, content } = plaintextOrTemplate
  if (manner === 'open')
    return [signed({ kind, created_at: time, tags: tags.map(tag => [...tag]), content }, from)]
  return [to, from].map(reader => wrapped(plaintextOrTemplate, { from, to: reader, at: time }))
}

function said(manner: Manner, saying: Saying, orderId: string, by: By): readonly NostrEvent[] {
  const items = [{ productId: 'mug', quantity: 2, ...(manner !== 'nip15' && { product: MUG }) }]
  const letters = lettersOf(manner === 'nip15' ? 'nip15' : 'gamma', { orderId, shopper: shopperKey.pubkey, merchant: merchantKey.pubkey, items }, saying)
  if (!letters.ok)
    throw new TypeError(letters.error.code)
  return letters.value.flatMap(letter => sent(manner, letter.transport === 'nip04' ? letter.plaintext : letter.template, by))
}

const terms = { zoneId: '', msat: toMsat(30_000), name: 'Ida', address: '1 Elm\nBern', contact: { phone: '1' }, shopperMessage: 'ring twice' }
const PIN = idOf(1)

/** What either may say; the numbers choose. */
const sayings: readonly ((i: number) => readonly ['shopper' | 'merchant', Saying])[] = [
  i => ['merchant', { say: 'request', msat: toMsat(invoiceAt(i).msat ?? 0), options: [{ type: 'ln', label: 'ln', link: invoiceAt(i).bolt11 }], text: 'please', pin: PIN, zoneId: '', expiresAt: null }],
  () => ['merchant', { say: 'refusal', text: 'sold out', pin: PIN }],
  () => ['merchant', { say: 'status', change: 'paid', text: 'thanks', paid: true, shipped: false, pin: PIN }],
  i => ['merchant', { say: 'status', change: 'shipped', text: 'on its way', paid: true, shipped: true, pin: PIN, tracking: { number: `RR${i}` } }],
  () => ['merchant', { say: 'status', change: 'unshipped', text: 'not yet', paid: true, shipped: false, pin: PIN }],
  ...(['accepted', 'processing', 'in_transit', 'delivered', 'exception', 'completed'] as const).map(word => () => ['merchant', { say: 'word', by: merchantKey.pubkey, text: word, extra: { word } }] as const),
  () => ['merchant', { say: 'word', by: merchantKey.pubkey, text: 'money back', extra: { refund: { msat: toMsat(30_000), proof: '' } } }],
  i => ['merchant', { say: 'word', by: merchantKey.pubkey, text: 'back to you', extra: { refundStep: { step: 'ask', id: `r${i % 2}`, msat: toMsat(77_000), why: '' } } }],
  i => ['shopper', { say: 'word', by: shopperKey.pubkey, text: `here\n${invoiceAt(3).bolt11}`, extra: { refundStep: { step: 'to', id: `r${i % 2}`, to: invoiceAt(3).bolt11 } } }],
  i => ['merchant', { say: 'word', by: merchantKey.pubkey, text: 'sent', extra: { refund: { msat: toMsat(77_000), proof: invoiceAt(3).preimage, id: `r${i % 2}` } } }],
  () => ['merchant', { say: 'word', by: merchantKey.pubkey, text: 'sorry', extra: { cancelled: true } }],
  () => ['shopper', { say: 'word', by: shopperKey.pubkey, text: 'no more', extra: { cancelled: true } }],
  () => ['shopper', { say: 'word', by: shopperKey.pubkey, text: 'it is here', extra: { word: 'delivered' } }],
  () => ['shopper', { say: 'word', by: shopperKey.pubkey, text: 'broken', extra: { dispute: 'opened' } }],
  i => ['shopper', { say: 'chat', by: shopperKey.pubkey, text: `blue? ${i}` }],
  i => ['merchant', { say: 'chat', by: merchantKey.pubkey, text: `very ${i}` }],
]

const manner = fc.constantFrom<Manner>('nip15', 'gamma', 'gamma', 'open')
const at = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -3, max: 40 }) }, { weight: 1, arbitrary: fc.constantFrom(86_400, 400_000_000) })
/** The id of the order, or the id of an order message, which Plebeian falls back to. */
const name = fc.constantFrom('id', 'id', 'message')

export interface WireHistory {
  readonly events: readonly NostrEvent[]
  /** Of its first order message. */
  readonly placedBy: EventId
}

/** The order in one dialect (or both of Plebeian's copies), then up to `size` words about it by either party in any. */
export const wireHistory = (size = 8): fc.Arbitrary<WireHistory> => fc.tuple(
  fc.constantFrom<readonly Manner[]>(['nip15'], ['gamma'], ['open', 'gamma']),
  fc.array(fc.record({ manner, at, name, say: fc.nat(sayings.length - 1), i: fc.nat(3), receipt: fc.boolean() }), { minLength: 1, maxLength: size }),
).map(([placing, steps]) => {
  const by = { from: shopperKey, to: merchantKey, at: 0 }
  const placed = placing.flatMap((how, i) => said(how, { say: 'order', ...(how === 'open' ? { ...terms, name: '', address: '', contact: {}, shopperMessage: '' } : terms) }, WIRE_ID, { ...by, at: i }))
  const placedBy = messageIdOf(placing[0] ?? 'gamma', placed)
  const events = steps.flatMap(({ manner, at, name, say, i, receipt }) => {
    const orderId = name === 'id' ? WIRE_ID : placedBy
    const words = sayings[say]?.(i)
    if (words === undefined)
      return []
    const [who, saying] = words
    const to = { from: who === 'shopper' ? shopperKey : merchantKey, to: who === 'shopper' ? merchantKey : shopperKey, at }
    const proof = receipt && manner === 'gamma' ? encodeGammaReceipt({ orderId, merchant: merchantKey.pubkey, sat: 30, invoice: invoiceAt(i).bolt11, preimage: invoiceAt(i).preimage, text: '' }) : null
    return [...said(manner, saying, orderId, to), ...(proof?.ok === true ? sent(manner, proof.value, { ...by, at: at + 1 }) : [])]
  })
  return { events: [...placed, ...events], placedBy }

  function messageIdOf(how: Manner, made: readonly NostrEvent[]): EventId {
    if (how !== 'gamma')
      return made[0]?.id ?? idOf(0)
    const letters = lettersOf('gamma', { orderId: WIRE_ID, shopper: shopperKey.pubkey, merchant: merchantKey.pubkey, items: [{ productId: 'mug', product: MUG, quantity: 2 }] }, { say: 'order', ...terms })
    const [letter] = letters.ok ? letters.value : []
    return letter?.transport === 'nip59' ? toRumor(letter.template, shopperKey.pubkey, toSeconds(T0)).id : idOf(0)
  }
})

/** What nobody can take for a word of either party; each is refused when it is opened, or is of an order of its own. */
export const hostileEvents = (placedBy: EventId): fc.Arbitrary<readonly NostrEvent[]> => {
  const word = fc.constantFrom<RumorTemplate>(
    ...(['confirmed', 'cancelled', 'completed', 'processing'] as const).map(status => encodeGammaStatus({ orderId: WIRE_ID, to: shopperKey.pubkey, status, text: 'hm' })),
    encodeGammaStatus({ orderId: placedBy, to: shopperKey.pubkey, status: 'cancelled', text: 'hm' }),
    encodeGammaChat({ to: shopperKey.pubkey, orderId: WIRE_ID, text: 'pay here instead' }),
  )
  const victim = fc.constantFrom(shopperKey, merchantKey)
  const readdressed = (template: RumorTemplate, to: Person): RumorTemplate => ({ ...template, tags: template.tags.map(tag => tag[0] === 'p' ? ['p', to.pubkey] : tag) })
  const other = (one: Person): Person => one === shopperKey ? merchantKey : shopperKey
  const hostile = fc.tuple(word, victim, fc.constantFrom(-5, 0, 9, 400_000_000), fc.nat(6)).map(([template, to, when, which]): readonly NostrEvent[] => {
    const mine = readdressed(template, to)
    const when0 = { at: toSeconds(T0 + when) }
    switch (which) {
      // In the other party's name, sealed by somebody else.
      case 0: return [wrapped(mine, { from: other(to), to, sealer: strangerKey, ...when0 })]
      // A rumor that was changed after it got its id.
      case 1: return [wrapped(mine, { from: other(to), to, ...when0, spoilRumor: rumor => ({ ...rumor, content: `${rumor.content}!` }) })]
      // A third party who knows the id, in either dialect, some from the future.
      case 2: return sent('gamma', mine, { from: strangerKey, to, at: when })
      case 3: return sent('nip15', JSON.stringify({ type: 2, id: WIRE_ID, message: 'hm', paid: true, shipped: true }), { from: strangerKey, to, at: when })
      // The same id, ordered by somebody else.
      case 4: return sent('nip15', JSON.stringify({ type: 0, id: WIRE_ID, items: [{ product_id: 'mug', quantity: 99 }], address: 'elsewhere' }), { from: strangerKey, to: merchantKey, at: when })
      // Kind 16 without a wrap: a repost (NIP-18), and a stranger's word.
      case 5: return [signed({ kind: 16, created_at: T0 + Math.min(when, 9), tags: [['p', to.pubkey], ['e', placedBy], ['k', '30402']], content: '' }, other(to))]
      default: return sent('open', mine, { from: strangerKey, to, at: Math.min(when, 9) })
    }
  })
  return fc.array(hostile, { maxLength: 5 }).map(list => list.flat())
}
