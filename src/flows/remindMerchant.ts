import type { OrderKey, Seconds } from '../domain/brand'
import { isAskedAgain } from '../domain/order/asked-again'
import { unconfirmedSince } from '../domain/order/paid-state'
import { reminderOf } from '../domain/order/reminder'
import { err, type Result } from '../domain/result'
import type { Order, WireMessage } from '../domain/order/types'
import { readOrder } from './read-order'
import type { SendDeps } from './send'
import { sendChat, type ChatError } from './sendChat'

export type RemindError = ChatError | { readonly code: 'not-waiting' | 'too-soon' }

/**
 * Asks the merchant for an invoice that has not come, or for a word on a payment: a private line, at most once a day, whichever
 * tab or device it is asked from.
 */
export async function remindMerchant(deps: SendDeps, key: OrderKey, text: string): Promise<Result<WireMessage, RemindError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  const since = order.shopper === deps.signer.pubkey ? waitingSince(order) : null
  if (since === null)
    return err({ code: 'not-waiting' })
  return reminderOf(order, deps.clock.now(), since) === 'due' ? sendChat(deps, key, text) : err({ code: 'too-soon' })
}

function waitingSince(order: Order): Seconds | null {
  if (order.payment === 'unpaid')
    return order.status === 'payment_pending' && order.request === null ? order.placedAt : null
  return isAskedAgain(order) ? null : unconfirmedSince(order)
}
