import type { OrderKey } from '../domain/brand'
import { limits } from '../domain/limits'
import type { WireMessage } from '../domain/order/types'
import { err, type Result } from '../domain/result'
import { readOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export type ChatError = SendError | ReadOrderError | { readonly code: 'empty-text' | 'too-long' }

/** A private message about an order, to the other party. Peers show it as plain text. */
export async function sendChat(deps: SendDeps, key: OrderKey, text: string): Promise<Result<WireMessage, ChatError>> {
  const said = text.trim()
  if (said === '')
    return err({ code: 'empty-text' })
  if (said.length > limits.chatText)
    return err({ code: 'too-long' })
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  await afterOwnMessages(deps, read.value.messages, deps.signer.pubkey)
  return sayAbout(deps, read.value.order, { say: 'chat', by: deps.signer.pubkey, text: said })
}
