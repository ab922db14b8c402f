const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const WORDS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((sign, word) => [sign, word]))
const HASH_WORDS = 52

/** bech32 signs to five-bit words; undefined when one is outside the alphabet. */
export function wordsOf(text: string): readonly number[] | undefined {
  const words = [...text].map(sign => WORDS.get(sign))
  return words.every(word => word !== undefined) ? words : undefined
}

/** Big-endian number; too large ones lose precision and are judged by their size only. */
export const numberOf = (words: readonly number[]): number => words.reduce((sum, word) => sum * 32 + word, 0)

/** Five-bit words packed to bytes; `pad` fills the last byte with zeros, else what is no whole byte is dropped. */
export function bytesOf(words: readonly number[], pad = false): Uint8Array {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const word of words) {
    held = (held << 5) | word
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(held >> bits)
      held &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(pad && bits > 0 ? [...bytes, held << (8 - bits)] : bytes)
}

/** undefined when the bytes are no UTF-8. */
export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  }
  catch {
    // The decoder's way to say that the bytes are no text: an answer here.
    return undefined
  }
}

/** Tagged fields of an invoice by their letter. Of several the first well-formed one counts (BOLT11). */
export interface Fields {
  readonly first: (letter: string) => readonly number[] | undefined
  readonly ofLength: (letter: string, words: number) => readonly number[] | undefined
  /** 64 hex; undefined when no field has the length of a hash. */
  readonly hex32: (letter: string) => string | undefined
}

/** undefined: a field claims more than is left. */
export function readFields(words: readonly number[]): Fields | undefined {
  const all: { readonly letter: string, readonly words: readonly number[] }[] = []
  let at = 0
  while (at < words.length) {
    const letter = ALPHABET[words[at] ?? 0] ?? ''
    const value = words.slice(at + 3, at + 3 + numberOf(words.slice(at + 1, at + 3)))
    if (at + 3 > words.length || value.length < numberOf(words.slice(at + 1, at + 3)))
      return undefined
    all.push({ letter, words: value })
    at += 3 + value.length
  }
  const ofLength = (letter: string, length: number) => all.find(field => field.letter === letter && field.words.length === length)?.words
  return {
    first: letter => all.find(field => field.letter === letter)?.words,
    ofLength,
    hex32: (letter) => {
      const value = ofLength(letter, HASH_WORDS)
      return value === undefined ? undefined : [...bytesOf(value)].map(byte => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
