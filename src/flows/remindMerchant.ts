import type { OrderKey } from '../domain/brand'
import { reminderOf } from '../domain/order/reminder'
import { err, type Result } from '../domain/result'
import type { WireMessage } from '../domain/order/types'
import { readOrder } from './read-order'
import type { SendDeps } from './send'
import { sendChat, type ChatError } from './sendChat'

export type RemindError = ChatError | { readonly code: 'not-waiting' | 'too-soon' }

/** Asks the merchant for an invoice that has not come: a private line, at most once a day, whichever tab or device it is asked from. */
export async function remindMerchant(deps: SendDeps, key: OrderKey, text: string): Promise<Result<WireMessage, RemindError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  if (order.shopper !== deps.signer.pubkey || order.status !== 'payment_pending' || order.request !== null || order.payment !== 'unpaid')
    return err({ code: 'not-waiting' })
  return reminderOf(order, deps.clock.now()) === 'due' ? sendChat(deps, key, text) : err({ code: 'too-soon' })
}
