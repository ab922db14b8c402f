import type { Result } from '../result'
import type { OpenedMessage } from './event'
import type { Decoded, DecodeError } from './nip15-messages'
import { decodeGamma } from './gamma-messages'
import { decodeNip15 } from './nip15-messages'

/** An opened private message, by the dialect of what carried it: JSON in kind 4, tags in wraps and in the open. */
export function decodeMessage(opened: OpenedMessage): Result<Decoded, DecodeError> {
  return opened.transport === 'nip04' ? decodeNip15(opened) : decodeGamma(opened)
}
