import { generateSeedWords, privateKeyFromSeedWords, validateWords } from 'nostr-tools/nip06'
import { decrypt, encrypt } from 'nostr-tools/nip49'
import type { KeyMaths } from './key-maths'

/** 2^20 already takes 1 GiB of memory: a text that asks for more is refused, not tried (NIP-49 names 16…20 for clients). */
const MAX_LOG_N = 20
/** Checksummed text of 91 bytes: version 2, then log_n. */
const LOG_N_AT = 1

export const inlineKeyMaths = (): KeyMaths => ({
  lock: async (secret, passphrase, logN) => encrypt(secret, passphrase, logN, 0x02),
  async unlock(ncryptsec, passphrase) {
    const logN = logNOf(ncryptsec)
    if (logN === null || logN > MAX_LOG_N)
      return null
    try {
      return decrypt(ncryptsec, passphrase)
    }
    catch (thrown) {
      // The library throws plain errors for a wrong passphrase (MAC) and for a damaged text alike.
      if (thrown instanceof Error)
        return null
      throw thrown
    }
  },
  fromWords: async words => validateWords(words) ? privateKeyFromSeedWords(words) : null,
  async newWords() {
    const words = generateSeedWords()
    return { words: words.split(' '), secret: privateKeyFromSeedWords(words) }
  },
  close: () => undefined,
})

function logNOf(ncryptsec: string): number | null {
  const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
  const words = [...ncryptsec.slice('ncryptsec1'.length, 'ncryptsec1'.length + 4)].map(letter => alphabet.indexOf(letter))
  if (words.length < 4 || words.includes(-1))
    return null
  const bits = words.reduce((sum, word) => sum * 32 + word, 0)
  // 20 bits read: the first byte is the version, the second log_n.
  return Math.floor(bits / 2 ** (20 - 8 * (LOG_N_AT + 1))) & 0xFF
}
