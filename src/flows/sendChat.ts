import type { OrderKey, Pubkey } from '../domain/brand'
import { limits } from '../domain/limits'
import { splitKey } from '../domain/order/keys'
import type { WireMessage } from '../domain/order/types'
import { encodeWord } from '../domain/protocol/nip15-encode'
import { err, type Result } from '../domain/result'
import { readOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, send, type SendDeps, type SendError } from './send'

export type ChatError = SendError | ReadOrderError | { readonly code: 'empty-text' | 'too-long' }

/** Room for the last line, which names the order for our own clients. */
const LONGEST = limits.orderText - 512

/** A private message about an order, to the other party. Peers show it as plain text. */
export async function sendChat(deps: SendDeps, key: OrderKey, text: string): Promise<Result<WireMessage, ChatError>> {
  const parts = splitKey(key)
  const said = text.trim()
  if (said === '')
    return err({ code: 'empty-text' })
  if (said.length > LONGEST)
    return err({ code: 'too-long' })
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok || parts === undefined)
    return read.ok ? err({ code: 'no-order' }) : read
  await afterOwnMessages(deps, read.value.messages, deps.signer.pubkey)
  return send(deps, { to: otherParty(parts, deps.signer.pubkey), order: key, plaintext: encodeWord(parts.id, said, {}) })
}

export const otherParty = ({ shopper, merchant }: { readonly shopper: Pubkey, readonly merchant: Pubkey }, me: Pubkey): Pubkey =>
  me === shopper ? merchant : shopper
