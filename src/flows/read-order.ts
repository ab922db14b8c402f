import type { OrderKey, Pubkey } from '../domain/brand'
import { foldThread } from '../domain/order/fold'
import type { Order, OrderMessage, Role } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { Journal, StorageError } from '../ports/journal'

export type ReadOrderError = StorageError | { readonly code: 'no-order' }
export type NotYours = { readonly code: 'not-yours' }
export interface ReadOrder { readonly order: Order, readonly messages: readonly OrderMessage[] }

/** An order as the journal has it at this moment: what a screen shows may be a little older. */
export async function readOrder({ journal }: { readonly journal: Journal }, key: OrderKey, viewer: Pubkey): Promise<Result<ReadOrder, ReadOrderError>> {
  const messages = await journal.messagesOf(key)
  if (!messages.ok)
    return messages
  const order = foldThread(key, messages.value, { viewer })
  return order === undefined ? err({ code: 'no-order' }) : ok({ order, messages: messages.value })
}

/** The same, for whoever is the merchant or the shopper of it. */
export async function readOwnOrder(deps: { readonly journal: Journal, readonly signer: { readonly pubkey: Pubkey } }, key: OrderKey, role: Role): Promise<Result<ReadOrder, ReadOrderError | NotYours>> {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  return read.ok && read.value.order[role] !== me ? err({ code: 'not-yours' }) : read
}
