import type { OrderKey, Pubkey } from '../domain/brand'
import { foldThread } from '../domain/order/fold'
import type { Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { Journal, StorageError } from '../ports/journal'

export type ReadOrderError = StorageError | { readonly code: 'no-order' }
export interface ReadOrder { readonly order: Order, readonly messages: readonly OrderMessage[] }

/** An order as the journal has it at this moment: what a screen shows may be a little older. */
export async function readOrder({ journal }: { readonly journal: Journal }, key: OrderKey, viewer: Pubkey): Promise<Result<ReadOrder, ReadOrderError>> {
  const messages = await journal.messagesOf(key)
  if (!messages.ok)
    return messages
  const order = foldThread(key, messages.value, { viewer })
  return order === undefined ? err({ code: 'no-order' }) : ok({ order, messages: messages.value })
}
