/** Which dialect a case is in that we do not speak, by its shape alone; such a case neither passes nor fails. */
import { recordOf, textOf, type Case } from './fixture-set'

const SPOKEN: ReadonlySet<string> = new Set(['', 'nip15', 'gamma', 'plebeian', 'shopstr'])

/** null: a dialect we speak. */
export function foreignDialect({ payload }: Case): string | null {
  const named = textOf(recordOf(payload['product'])['dialect']) || textOf(recordOf(payload['order'])['dialect'])
  return SPOKEN.has(named) ? null : named
}
