/** How one case ended. */
import type { Difference } from './compare'

export type Verdict =
  | { readonly type: 'passed' }
  | { readonly type: 'failed', readonly differences: readonly Difference[] }
  /** A dialect that Souk does not speak yet, by its name. */
  | { readonly type: 'not-supported', readonly dialect: string }

/** What our code made of a payload, in the words of the fixture format. */
export interface Outcome {
  readonly outcome: string
  readonly as?: string
  readonly reason?: string
  readonly value?: unknown
  readonly supersedes?: string | null
  readonly complete?: boolean | 'unknown'
  readonly peerDoes?: string
  /** Names of invariants of the case that do not hold. */
  readonly broken?: readonly string[]
  readonly [field: string]: unknown
}

export const judged = (differences: readonly Difference[]): Verdict => differences.length === 0 ? { type: 'passed' } : { type: 'failed', differences }
