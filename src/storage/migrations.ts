import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { StorageError } from '../ports/journal'

/** One version up: what rested as version n becomes version n + 1. Small, and never changed once released. */
export type Step = (value: unknown) => unknown

/**
 * Brings a record up to `steps.length + 1`, the version of this program. A record of a newer program is left alone (T12).
 */
export function upgrade(steps: readonly Step[], version: number, value: unknown): Result<unknown, StorageError> {
  if (!Number.isInteger(version) || version < 1)
    return err({ code: 'storage-corrupt' })
  if (version > steps.length + 1)
    return err({ code: 'storage-newer' })
  return ok(steps.slice(version - 1).reduce((current, step) => step(current), value))
}

/** Records of the journal: version 1 has no former one. */
export const journalSteps: readonly Step[] = []
export const JOURNAL_RECORD = journalSteps.length + 1
