/** null as soon as one part is not known, or the sum is none that an integer holds safely. */
export function addUp(sum: number | null, part: number | null): number | null {
  const total = sum === null || part === null ? null : sum + part
  return total !== null && Number.isSafeInteger(total) ? total : null
}

/**
 * The share of an agreed sum that a part of its bitcoin comes to, rounded to the nearest unit; the whole of it is exact.
 * For books alone: nothing is asked or paid by it (docs/money.md). null: the whole is not known.
 */
export function shareOf(minor: number, msat: number, wholeMsat: number | null): number | null {
  if (msat === 0)
    return 0
  if (wholeMsat === null || wholeMsat <= 0)
    return null
  const whole = BigInt(wholeMsat)
  const share = Number((2n * BigInt(minor) * BigInt(msat) + whole) / (2n * whole))
  return Number.isSafeInteger(share) ? share : null
}
