/** Two orders field by field: for a test, or for a story in a browser, that has one on each side of something. */
import type { Order } from '../../src/domain/order/types'

export interface Difference {
  /** `requests[0].msat`; '' = the whole. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** What an order holds of one device alone: its wallet, its notes, what it showed. No relay has it. */
export const ONE_DEVICE_ONLY: readonly (keyof Order)[] = ['snapshot', 'issued', 'stockTaken', 'stockShort', 'note', 'archived', 'paying', 'payingVia', 'payingWallet', 'payingSince']

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/**
 * Where the two differ, in one fixed sequence; nothing = equal in every field. An absent field equals one that is undefined.
 * Texts that came through JSON (a page's own data, a snapshot) may be compared as they are.
 * @param ignored fields of an order, or of any object below it, that are not looked at
 */
export function differences(before: unknown, after: unknown, ignored: readonly string[] = []): readonly Difference[] {
  const found: Difference[] = []
  const walk = (path: string, a: unknown, b: unknown): void => {
    if (Object.is(a, b))
      return
    if (!isFields(a) || !isFields(b) || Array.isArray(a) !== Array.isArray(b)) {
      found.push({ path, before: a, after: b })
      return
    }
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(name => !ignored.includes(name))
    for (const name of Array.isArray(a) ? names : names.sort())
      walk(Array.isArray(a) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`, a[name], b[name])
  }
  walk('', before, after)
  return found
}

/** One line for each difference, for a failure that names the field. */
export const differenceText = (list: readonly Difference[]): string =>
  list.map(({ path, before, after }) => `${path === '' ? 'the whole' : path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`).join('\n')
