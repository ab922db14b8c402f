import type { WireMessage } from '../order/types'
import type { Result } from '../result'
import type { TaggedMessage } from './event'
import type { Decoded, DecodeError } from './nip15-messages'
import { err, ok } from '../result'

export type Answer = Result<Decoded, DecodeError>
export const fine = (message: WireMessage): Answer => ok({ message, chatReason: null })
export const refused = (code: DecodeError['code'], detail = ''): Answer => err({ code, detail })

/** Who, whom, when, by what. Signed in the open is what Plebeian does, and nobody else (gamma.md §5). */
export const base = ({ id, author, receiver, sentAt, transport }: TaggedMessage) =>
  ({ id, author, receiver, sentAt, transport, dialect: transport === 'public' ? 'plebeian' as const : 'gamma' as const })
