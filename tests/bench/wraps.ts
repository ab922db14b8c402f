import { createHash } from 'node:crypto'
import { initNostrWasm } from 'nostr-wasm'
import { encrypt, getConversationKey } from 'nostr-tools/nip44'
import { getPublicKey } from 'nostr-tools/pure'
import type { Pubkey } from '../../src/domain/brand'
import { toSeconds } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { encodeGammaOrder, type RumorTemplate } from '../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../src/domain/protocol/gift-wrap'

const secretOf = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest())
export const MERCHANT = secretOf('bench reader of wraps')
/** An order every so many seconds, so that most of a large history lies before what a return visit looks through again. */
export const APART_SECONDS = 3_600

/** Whose orders they are, in turn. `key`: of the conversation with the merchant. */
export function shoppers() {
  const merchant = getPublicKey(MERCHANT)
  return Array.from({ length: 200 }, (_, at) => {
    const secret = secretOf(`bench shopper ${at}`)
    return { secret, pubkey: getPublicKey(secret) as Pubkey, key: getConversationKey(secret, merchant) }
  })
}

/** Orders to one merchant from 200 shoppers in gift wraps of about 2 kB (NIP-59), newest first. The same input gives the same rumors. */
export async function makeWraps(count: number, newest: number, label = 'order'): Promise<NostrEvent[]> {
  const wrap = await openWrapper()
  const merchant = getPublicKey(MERCHANT) as Pubkey
  const people = shoppers()
  return Array.from({ length: count }, (_, index) => {
    const shopper = people[index % people.length]
    const at = newest - index * APART_SECONDS
    const order = encodeGammaOrder({ orderId: `${label}-${index}`, merchant, items: [{ productId: `p${index % 50}`, product: toAddress(30_402, merchant, `p${index % 50}`), quantity: 1 }], shipping: '', sat: 1_000 + index, name: 'Ida Berg', address: 'Seestrasse 4, 1010 Wien, Austria', contact: { email: 'ida@example.org' }, shopperMessage: 'Please ring twice.' })
    if (shopper === undefined || !order.ok)
      throw new TypeError('an order of the bench was refused')
    return wrap(order.value, { ...shopper, at, once: `${label} wrap ${index}` })
  })
}

export interface Sender { readonly secret: Uint8Array, readonly pubkey: Pubkey, readonly key: Uint8Array, readonly at: number, readonly once: string }

/** Puts what somebody says into a seal and a gift wrap for the merchant; `once` names the throw-away key. */
export async function openWrapper(): Promise<(said: RumorTemplate, from: Sender) => NostrEvent> {
  const wasm = await initNostrWasm()
  const merchant = getPublicKey(MERCHANT)
  const keys = new Map<string, Uint8Array>()
  const sign = (secret: Uint8Array, kind: number, at: number, tags: string[][], content: string): NostrEvent => {
    const event = { kind, created_at: at, tags, content, pubkey: '', id: '', sig: '' }
    wasm.finalizeEvent(event, secret)
    return event as unknown as NostrEvent
  }
  return (said, { secret, pubkey, key, at, once }) => {
    const rumor = toRumor(said, pubkey, toSeconds(at))
    const seal = sign(secret, 13, at - 100, [], encrypt(JSON.stringify(rumor), key))
    const thrown = secretOf(once)
    const agreed = keys.get(once) ?? getConversationKey(thrown, merchant)
    keys.set(once, agreed)
    return sign(thrown, 1059, at, [['p', merchant]], encrypt(JSON.stringify(seal), agreed))
  }
}
