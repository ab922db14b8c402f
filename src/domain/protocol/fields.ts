import * as v from 'valibot'
import { limits } from '../limits'
import { withoutUnseen } from './shown-text'

/** Optional text: null and absence are ''. Too long is a `limit` refusal, not a schema one. */
export const text = (longest: number) => v.pipe(v.nullish(v.pipe(v.string(), v.maxLength(longest, 'limit')), ''), v.transform(value => value ?? ''))

/** The same for words that people read. */
export const words = (longest: number) => v.pipe(text(longest), v.transform(withoutUnseen))

/** A name: there, and something to see in it. */
export const name = v.pipe(v.string(), v.maxLength(limits.name, 'limit'), v.transform(withoutUnseen), v.minLength(1))

export const requiredText = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest, 'limit'))

/** The wire order id: 1…128 printable characters. */
export const orderId = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.orderId, 'limit'), v.regex(/^[^\p{C}]+$/u))

/** `limit` when any issue says so, `quantity` likewise, else `schema`; with the path of the first issue. */
export function schemaError(issues: readonly v.BaseIssue<unknown>[]): { readonly code: 'schema' | 'limit' | 'quantity', readonly detail: string } {
  const told = issues.find(issue => issue.message === 'limit' || issue.message === 'quantity') ?? issues[0]
  const path = told === undefined ? '' : v.getDotPath(told) ?? ''
  return { code: told?.message === 'limit' ? 'limit' : told?.message === 'quantity' ? 'quantity' : 'schema', detail: path }
}
