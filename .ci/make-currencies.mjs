// Writes src/domain/money/currencies.ts from the maintained list in the package `currency-codes` (ISO 4217).
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { root } from './ensure.mjs'

// 'No currency', and the code for tests: nothing has a price in them.
const NO_MONEY = /no currency|testing/i
const codes = createRequire(import.meta.url)('currency-codes/data')
const rows = codes.filter(({ code, digits, currency }) => /^[A-Z]{3}$/.test(code) && Number.isInteger(digits) && !NO_MONEY.test(currency)).map(({ code, digits }) => [code, digits])
const byDigits = new Map()
for (const [code, digits] of rows.sort())
  byDigits.set(digits, [...byDigits.get(digits) ?? [], code])
const lines = [...byDigits].sort(([a], [b]) => a - b).map(([digits, list]) => `  [${digits}, '${list.join(' ')}'],`)
writeFileSync(path.join(root, 'src/domain/money/currencies.ts'), `// Made by .ci/make-currencies.mjs from the list of ISO 4217; a test says when the two disagree.
const BY_DIGITS: readonly (readonly [number, string])[] = [
${lines.join('\n')}
]

/** Decimals of each currency's smallest unit. */
export const EXPONENTS: ReadonlyMap<string, number> = new Map(BY_DIGITS.flatMap(([digits, codes]) => codes.split(' ').map(code => [code, digits] as const)))
`)
