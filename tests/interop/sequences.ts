/** Sequences in which a set may arrive: all of a small set, else seeded shuffles with repeats. */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

const ALL_UP_TO = 5
const SHUFFLES = 300

export function sequencesOf<T>(items: readonly T[], seed: string): readonly (readonly T[])[] {
  const next = chance(seed)
  const shuffles = Array.from({ length: items.length <= ALL_UP_TO ? 20 : SHUFFLES }, () => withRepeats(items, next))
  return items.length <= ALL_UP_TO ? [...permutations(items), ...shuffles] : shuffles
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.length <= 1 ? [items] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map(rest => [item, ...rest]))
}

/** Shuffled, with up to three items once more somewhere. */
function withRepeats<T>(items: readonly T[], next: () => number): readonly T[] {
  const sequence = shuffled(items, next)
  const again = shuffled(items, next).slice(0, next() % 4)
  return again.reduce<readonly T[]>((list, item) => list.toSpliced(next() % (list.length + 1), 0, item), sequence)
}

function shuffled<T>(items: readonly T[], next: () => number): readonly T[] {
  return items.reduce<readonly T[]>((list, item, i) => list.toSpliced(next() % (i + 1), 0, item), [])
}

/** Mulberry32: the same numbers for the same seed. */
function chance(seed: string): () => number {
  let state = new DataView(sha256(utf8ToBytes(seed)).buffer).getUint32(0)
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
