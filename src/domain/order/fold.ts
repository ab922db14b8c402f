import type { OrderKey, Pubkey } from '../brand'
import { indexOf } from './thread-index'
import { orderOf, ownerOf } from './thread-order'
import type { Order, OrderMessage } from './types'

/**
 * Messages → the order that this key names: the same set in any sequence, with any repeats, gives the same (T2). What else is
 * among them changes nothing (T3), as long as nothing is missing: see `Journal.messagesOf`. undefined = the order has not
 * come yet (T4).
 * @param viewer whose device this is: own messages outlast a flood
 */
export function foldThread(key: OrderKey, messages: Iterable<OrderMessage>, { viewer }: { readonly viewer?: Pubkey } = {}): Order | undefined {
  const index = indexOf(messages, viewer)
  return orderOf(index, ownerOf(index, key))
}
