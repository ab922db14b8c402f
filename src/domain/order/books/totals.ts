import type { BookRow, BookTotals, CurrencyTotals, Sats } from './types'

/** Whole sat and what is left, both with the sign of the amount. No minus nought. */
export function toSats(msat: number): Sats {
  const rest = msat % 1_000
  return { sat: (msat - rest) / 1_000, msat: rest === 0 ? 0 : rest }
}

/** A sum may be more than an integer holds in msat. */
const sumOf = (msat: bigint): Sats => ({ sat: Number(msat / 1_000n), msat: Number(msat % 1_000n) })

/** Integers all the way: a sum of rows is what its parts come to, however many. */
export function totalsOf(rows: readonly BookRow[]): BookTotals {
  let [received, said, refunded, fees] = [0n, 0n, 0n, 0n]
  let [payments, refunds, unknown, undecided] = [0, 0, 0, 0]
  const currencies = new Map<string, { received: bigint, refunded: bigint }>()
  for (const { type, state, moved, fee, strength, currency, valueMinor } of rows) {
    if (type === 'refund' && (state === 'unknown' || state === 'paying'))
      undecided += 1
    if (state !== 'paid')
      continue
    if (type === 'payment')
      payments += 1
    else
      refunds += 1
    if (moved === null)
      unknown += 1
    const amount = BigInt(moved ?? 0)
    if (type === 'payment') {
      received += amount
      if (strength === 'said')
        said += amount
    }
    else {
      refunded += amount
    }
    fees -= BigInt(fee ?? 0)
    if (currency === null || valueMinor === null)
      continue
    const sum = currencies.get(currency) ?? { received: 0n, refunded: 0n }
    sum[type === 'payment' ? 'received' : 'refunded'] += BigInt(valueMinor)
    currencies.set(currency, sum)
  }
  return {
    payments,
    refunds,
    received: sumOf(received),
    said: sumOf(said),
    refunded: sumOf(refunded),
    fees: sumOf(fees),
    net: sumOf(received + refunded + fees),
    unknown,
    undecided,
    byCurrency: [...currencies].map(([currency, sum]): CurrencyTotals => ({ currency, received: Number(sum.received), refunded: Number(sum.refunded), net: Number(sum.received + sum.refunded) }))
      .toSorted((a, b) => a.currency < b.currency ? -1 : 1),
  }
}
