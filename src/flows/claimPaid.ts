import { toMsat, type Msat, type OrderKey } from '../domain/brand'
import { isAskedAgain } from '../domain/order/asked-again'
import type { OtherWay } from '../domain/order/other-ways'
import type { OrderMessage } from '../domain/order/types'
import { err, type Result } from '../domain/result'
import type { Saying } from '../domain/protocol/saying'
import { readOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface Claim {
  /** By what; null: the shopper did not say. */
  readonly way: OtherWay | null
  readonly msat: Msat | null
  /** The sentence for whoever reads it. */
  readonly text: string
}

export type ClaimError = SendError | ReadOrderError | { readonly code: 'not-yours' | 'not-asked' | 'already-paid' }

/**
 * 'I have paid', where nothing can show it: a receipt without a preimage. To both sides it is a claim until the merchant has
 * looked (T8), and it is said once for what was asked.
 */
export async function claimPaid(deps: SendDeps, key: OrderKey, { way, msat, text }: Claim): Promise<Result<OrderMessage, ClaimError>> {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (order.shopper !== me)
    return err({ code: 'not-yours' })
  if (order.payment !== 'unpaid' && !isAskedAgain(order))
    return err({ code: 'already-paid' })
  if (order.request === null)
    return err({ code: 'not-asked' })
  await afterOwnMessages(deps, messages, me)
  return sayAbout(deps, order, { say: 'receipt', msat: msat ?? order.request.saidMsat ?? order.snapshot?.totals.totalMsat ?? toMsat(0), invoice: '', preimage: '', text, other: mediumOf(way) })
}

function mediumOf(way: OtherWay | null): NonNullable<Extract<Saying, { say: 'receipt' }>['other']> {
  switch (way?.kind) {
    case 'onchain': return { medium: 'bitcoin', reference: way.text }
    case 'address': return { medium: 'lightning', reference: way.text }
    default: return { medium: 'other', reference: way?.kind === 'link' ? way.text : '' }
  }
}
