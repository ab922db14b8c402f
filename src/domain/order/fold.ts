import type { Pubkey, Seconds } from '../brand'
import { addMessage, createThreadIndex, foldedOf, type FoldedThreads } from './thread-index'
import type { OrderMessage } from './types'

export { foldThread } from './fold-thread'
export type { FoldedThreads } from './thread-index'

/**
 * All messages of one account → its orders and what waits: a function of the set, not of sequence or
 * repeats (T2, T4). For a growing set use a `ThreadIndex`, which this equals.
 */
export function foldThreads(messages: Iterable<OrderMessage>, { viewer, now }: { readonly viewer?: Pubkey, readonly now?: Seconds } = {}): FoldedThreads {
  const index = createThreadIndex(viewer)
  for (const message of messages)
    addMessage(index, message)
  return foldedOf(index, now)
}
