import type { OrderKey } from '../domain/brand'
import { isPaidTo } from '../domain/order/status'
import type { OrderMessage } from '../domain/order/types'
import { err, type Result } from '../domain/result'
import { readOwnOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export type RefuseError = SendError | ReadOrderError | { readonly code: 'not-yours' | 'already-paid' | 'ended' }

/** An order that is not taken, and the reason: in NIP-15 a payment request without a way to pay. */
export async function refuseOrder(deps: SendDeps, key: OrderKey, text: string): Promise<Result<OrderMessage, RefuseError>> {
  const me = deps.signer.pubkey
  const read = await readOwnOrder(deps, key, 'merchant')
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (isPaidTo(order, 'merchant'))
    return err({ code: 'already-paid' })
  // By a preimage from outside it stands as confirmed on both sides: to the merchant that is no payment, and stops no refusal (T8).
  if (order.status !== 'payment_pending' && order.status !== 'payment_requested' && order.status !== 'payment_confirmed')
    return err({ code: 'ended' })
  await afterOwnMessages(deps, messages, me)
  return sayAbout(deps, order, { say: 'refusal', text, pin: order.placedBy })
}
