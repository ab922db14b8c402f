import type { OrderMessage } from '../order/types'
import type { Result } from '../result'
import type { OpenedMessage } from './event'
import type { Decoded, DecodeError } from './nip15-messages'
import { ok } from '../result'
import { decodeGamma } from './gamma-messages'
import { decodeNip15 } from './nip15-messages'
import { decodeOwnNote, isOwnNote } from './own-note'

/** An opened private message, by the dialect of what carried it: JSON in kind 4, tags in wraps and in the open. */
export function decodeMessage(opened: OpenedMessage): Result<Decoded, DecodeError> {
  return opened.transport === 'nip04' ? decodeNip15(opened) : decodeGamma(opened)
}

export interface Contents { readonly messages: readonly OrderMessage[], readonly chatReason: Decoded['chatReason'] }

/** All that an opened message holds for the journal: itself, or the facts that we noted for our other devices. */
export function decodeContents(opened: OpenedMessage): Result<Contents, DecodeError> {
  if (opened.transport === 'nip59' && isOwnNote(opened)) {
    const facts = decodeOwnNote(opened)
    return facts.ok ? ok({ messages: facts.value, chatReason: null }) : facts
  }
  const read = decodeMessage(opened)
  return read.ok ? ok({ messages: [read.value.message], chatReason: read.value.chatReason }) : read
}
