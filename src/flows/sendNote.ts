import type { Pubkey, Seconds } from '../domain/brand'
import type { Dialect } from '../domain/catalog/types'
import { limits } from '../domain/limits'
import type { WireMessage } from '../domain/order/types'
import { noteLetter } from '../domain/protocol/note-letter'
import { err, ok, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import { compose, nextSecond, type ComposeError, type SendDeps } from './send'

export type NoteError = ComposeError | StorageError | { readonly code: 'empty-text' | 'too-long' }

export interface Note {
  readonly to: Pubkey
  readonly dialect: Dialect
  readonly text: string
  /** When this account last wrote to them; 0: never. */
  readonly lastOwnAt: Seconds
}

/**
 * Words to a person about no order: kept with their delivery before they are sent (T1).
 * @returns `unsendable`: what the other side's program would take for something else, such as an order typed as JSON
 */
export async function sendNote(deps: SendDeps, { to, dialect, text, lastOwnAt }: Note): Promise<Result<WireMessage, NoteError>> {
  const said = text.trim()
  if (said === '')
    return err({ code: 'empty-text' })
  if (said.length > limits.orderText)
    return err({ code: 'too-long' })
  // Of two in one second nobody could say which is the later.
  if (lastOwnAt === deps.clock.now())
    await nextSecond(deps.clock)
  const composed = await compose(deps, { to, order: null, letter: noteLetter(dialect, { to, text: said }) })
  if (!composed.ok)
    return composed
  const { message, deliveries } = composed.value
  if (message.type !== 'chat')
    return err({ code: 'unsendable' })
  const kept = await deps.journal.append(message, deliveries)
  return kept.ok ? ok(message) : kept
}
