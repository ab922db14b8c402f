import { toMsat, type Hex32, type Msat, type OrderKey } from '../domain/brand'
import { isAskedAgain } from '../domain/order/asked-again'
import type { OtherWay } from '../domain/order/other-ways'
import { toldPayments } from '../domain/order/own-receipts'
import type { Order, OrderMessage, RequestFact } from '../domain/order/types'
import { err, type Result } from '../domain/result'
import type { Saying } from '../domain/protocol/saying'
import { readOwnOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface Claim {
  /** By what; null: the shopper did not say. */
  readonly way: OtherWay | null
  /** Payment hash of the invoice that was paid from a wallet outside; absent or null: it was no invoice. */
  readonly invoice?: Hex32 | null
  readonly msat: Msat | null
  /** The sentence for whoever reads it. */
  readonly text: string
}

export type ClaimError = SendError | ReadOrderError | { readonly code: 'not-yours' | 'not-asked' | 'already-paid' }

/**
 * 'I have paid', where nothing can show it: a receipt without a preimage. To both sides it is a claim until the merchant has
 * looked (T8), and it is said once for what was asked. It names the invoice, so that the very payment can be looked up.
 */
export async function claimPaid(deps: SendDeps, key: OrderKey, { way, invoice = null, msat, text }: Claim): Promise<Result<OrderMessage, ClaimError>> {
  const me = deps.signer.pubkey
  const read = await readOwnOrder(deps, key, 'shopper')
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (isKnown(order) || (invoice !== null && toldPayments(messages, me).named.has(invoice)))
    return err({ code: 'already-paid' })
  const request = invoice === null ? order.request : order.requests.find(({ paymentHash }) => paymentHash === invoice) ?? null
  if (request === null)
    return err({ code: 'not-asked' })
  await afterOwnMessages(deps, messages, me)
  if (invoice !== null)
    return sayAbout(deps, order, { say: 'receipt', msat: askedBy(request) ?? msat ?? toMsat(0), invoice: request.bolt11 ?? '', preimage: '', text })
  return sayAbout(deps, order, { say: 'receipt', msat: msat ?? request.saidMsat ?? order.snapshot?.totals.totalMsat ?? toMsat(0), invoice: '', preimage: '', text, other: mediumOf(way) })
}

/** What only a service says was paid may still be said to the merchant. */
const isKnown = (order: Order): boolean =>
  order.payment === 'claimed' ? !isAskedAgain(order) && order.payments.some(({ by }) => by === 'shopper') : order.payment !== 'unpaid'

const askedBy = ({ msat, saidMsat }: RequestFact): Msat | null => msat ?? saidMsat ?? null

function mediumOf(way: OtherWay | null): NonNullable<Extract<Saying, { say: 'receipt' }>['other']> {
  switch (way?.kind) {
    case 'onchain': return { medium: 'bitcoin', reference: way.text }
    case 'address': return { medium: 'lightning', reference: way.text }
    default: return { medium: 'other', reference: way?.kind === 'link' ? way.text : '' }
  }
}
