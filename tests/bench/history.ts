import { getConversationKey } from 'nostr-tools/nip44'
import { getPublicKey } from 'nostr-tools/pure'
import { toMsat, toSeconds, type Hex32, type Pubkey } from '../../src/domain/brand'
import { orderKey } from '../../src/domain/order/keys'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { encodeGammaRequest, encodeGammaStatus } from '../../src/domain/protocol/gamma-encode'
import { encodeOwnNote } from '../../src/domain/protocol/own-note'
import { factId, localFact, type FactBody } from '../../src/flows/local-fact'
import { APART_SECONDS, makeWraps, MERCHANT, openWrapper, shoppers } from './wraps'

export interface IssuedInvoice { readonly bolt11: string, readonly paymentHash: string, readonly amountMsat: number, readonly expiresAt: number }

/**
 * Orders and what their merchant keeps of them on the relay: asked for by these invoices, and of `done` ones that the wallet
 * saw the payment, and that the shopper was told. Newest first; an order an invoice.
 */
export async function makeHistory(invoices: readonly IssuedInvoice[], done: boolean, newest: number): Promise<readonly NostrEvent[]> {
  const label = done ? 'done' : 'open'
  const wrap = await openWrapper()
  const people = shoppers()
  const merchant = getPublicKey(MERCHANT) as Pubkey
  const own = { secret: MERCHANT, pubkey: merchant, key: getConversationKey(MERCHANT, merchant) }
  const said = invoices.flatMap(({ bolt11, paymentHash, amountMsat, expiresAt }, index) => {
    const shopper = people[index % people.length]
    const orderId = `${label}-${index}`
    const at = newest - index * APART_SECONDS + 1
    const sat = amountMsat / 1_000
    const money = (minor: number) => ({ currency: 'SAT', minor })
    const request = encodeGammaRequest({ orderId, shopper: shopper?.pubkey ?? merchant, sat, options: [{ type: 'ln', label: 'Lightning', link: bolt11 }], text: '' })
    if (shopper === undefined || !request.ok)
      throw new TypeError('a request of the bench was refused')
    const fact = (body: FactBody) => localFact({ id: factId(orderId, body.type), me: merchant, order: orderKey(shopper.pubkey, merchant, orderId), at: toSeconds(at) }, body)
    const issued = fact({ type: 'invoice-issued', attempt: 0, paymentHash: paymentHash as Hex32, bolt11, asked: toMsat(amountMsat), expiresAt: toSeconds(expiresAt), totals: { goods: money(sat), shipping: money(0), total: money(sat), totalMsat: toMsat(amountMsat), rate: null }, zoneId: '' })
    const settled = fact({ type: 'wallet-settled', paymentHash: paymentHash as Hex32, msat: toMsat(amountMsat), settledAt: toSeconds(at) })
    // The same few throw-away keys: another for each wrap would make what is written here take longer, and nothing else.
    const sender = { ...own, once: `bench note ${index % people.length}` }
    return [
      wrap(request.value, { ...sender, at }),
      wrap(encodeOwnNote(merchant, done ? [issued, settled] : [issued]), { ...sender, at }),
      ...done ? [wrap(encodeGammaStatus({ orderId, to: shopper.pubkey, status: 'confirmed', text: '' }), { ...sender, at: at + 1 })] : [],
    ]
  })
  return [...await makeWraps(invoices.length, newest, label), ...said]
}
