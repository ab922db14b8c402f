import { createHash } from 'node:crypto'
import { initNostrWasm } from 'nostr-wasm'
import { encrypt, getConversationKey } from 'nostr-tools/nip44'
import { getPublicKey } from 'nostr-tools/pure'
import type { Pubkey } from '../../src/domain/brand'
import { toSeconds } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { encodeGammaOrder } from '../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../src/domain/protocol/gift-wrap'

const secretOf = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest())
export const MERCHANT = secretOf('bench reader of wraps')
const SHOPPERS = 200
/** An order every so many seconds, so that most of a large history lies before what a return visit looks through again. */
const APART_SECONDS = 3_600

/** Orders to one merchant from 200 shoppers in gift wraps of about 2 kB (NIP-59), newest first. The same input gives the same rumors. */
export async function makeWraps(count: number, newest: number, label = 'order'): Promise<NostrEvent[]> {
  const wasm = await initNostrWasm()
  const merchant = getPublicKey(MERCHANT) as Pubkey
  const people = Array.from({ length: SHOPPERS }, (_, at) => {
    const secret = secretOf(`bench shopper ${at}`)
    return { secret, pubkey: getPublicKey(secret) as Pubkey, key: getConversationKey(secret, merchant) }
  })
  const sign = (secret: Uint8Array, kind: number, at: number, tags: string[][], content: string): NostrEvent => {
    const event = { kind, created_at: at, tags, content, pubkey: '', id: '', sig: '' }
    wasm.finalizeEvent(event, secret)
    return event as unknown as NostrEvent
  }
  return Array.from({ length: count }, (_, index) => {
    const shopper = people[index % SHOPPERS]
    const at = newest - index * APART_SECONDS
    const order = encodeGammaOrder({ orderId: `${label}-${index}`, merchant, items: [{ productId: `p${index % 50}`, product: toAddress(30_402, merchant, `p${index % 50}`), quantity: 1 }], shipping: '', sat: 1_000 + index, name: 'Ida Berg', address: 'Seestrasse 4, 1010 Wien, Austria', contact: { email: 'ida@example.org' }, shopperMessage: 'Please ring twice.' })
    if (shopper === undefined || !order.ok)
      throw new TypeError('an order of the bench was refused')
    const rumor = toRumor(order.value, shopper.pubkey, toSeconds(at))
    const seal = sign(shopper.secret, 13, at - 100, [], encrypt(JSON.stringify(rumor), shopper.key))
    const once = secretOf(`${label} wrap ${index}`)
    return sign(once, 1059, at, [['p', merchant]], encrypt(JSON.stringify(seal), getConversationKey(once, merchant)))
  })
}
