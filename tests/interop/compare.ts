/** What a case expects against what came out. */
import { isRecord } from '../../src/domain/protocol/json'

export interface Difference { readonly at: string, readonly expected: unknown, readonly got: unknown }

/**
 * `got` has at least the fields of `expected`; lists are as long and in the same sequence; an empty object inside
 * stands for an empty object. A field that is expected and that we do not have is a difference.
 */
export function differences(expected: unknown, got: unknown, at = ''): readonly Difference[] {
  if (Array.isArray(expected)) {
    const wanted = expected as readonly unknown[]
    if (!Array.isArray(got) || got.length !== wanted.length)
      return [{ at, expected, got }]
    return wanted.flatMap((entry, i) => differences(entry, (got as readonly unknown[])[i], `${at}[${i}]`))
  }
  if (isRecord(expected)) {
    if (!isRecord(got) || (at !== '' && Object.keys(expected).length === 0 && Object.keys(got).length > 0))
      return [{ at, expected, got }]
    return Object.entries(expected).flatMap(([name, value]) => differences(value, Object.hasOwn(got, name) ? got[name] : undefined, at === '' ? name : `${at}.${name}`))
  }
  return Object.is(expected, got) || isSameAmount(expected, got, at) ? [] : [{ at, expected, got }]
}

const AMOUNT = /(?:^|\.)(?:price|cost|extra)$/
const DECIMAL = /^\d+(?:\.\d+)?$/

/** Prices and costs are decimal text: `4.90` and `4.9` are one amount. */
const isSameAmount = (expected: unknown, got: unknown, at: string): boolean =>
  AMOUNT.test(at) && typeof expected === 'string' && typeof got === 'string' && DECIMAL.test(expected) && DECIMAL.test(got) && plain(expected) === plain(got)

const plain = (amount: string): string => amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
