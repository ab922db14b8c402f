import type { Result } from '../result'
import type { OpenedMessage } from './event'
import type { Decoded, DecodeError } from './nip15-messages'
import { err } from '../result'
import { decodeNip15 } from './nip15-messages'

/** An opened private message, by the dialect of what carried it. Gift-wrapped rumors (Gamma) get their case here. */
export function decodeMessage(opened: OpenedMessage): Result<Decoded, DecodeError> {
  switch (opened.transport) {
    case 'nip04':
      return decodeNip15(opened)
    case 'nip59':
      return err({ code: 'unsupported', detail: 'nip59' })
  }
}
