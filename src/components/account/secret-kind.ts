/** What a pasted secret looks like, for the hint under the field. Whether it is one is decided where it is opened. */
export type SecretKind = 'nsec' | 'ncryptsec' | 'words' | 'hex' | 'unknown'

export function secretKind(text: string): SecretKind {
  const plain = text.trim().toLowerCase()
  if (/^ncryptsec1[02-9ac-hj-np-z]{20,}$/.test(plain))
    return 'ncryptsec'
  if (/^(nostr:)?nsec1[02-9ac-hj-np-z]{58}$/.test(plain))
    return 'nsec'
  if (/^[0-9a-f]{64}$/.test(plain))
    return 'hex'
  return [12, 15, 18, 21, 24].includes(wordCount(text)) && /^[a-z\s]+$/.test(plain) ? 'words' : 'unknown'
}

export const wordCount = (text: string): number => text.trim() === '' ? 0 : text.trim().split(/\s+/).length

/** The first line of a saved file that is a key: files of ours carry a sentence about themselves above it. */
export function secretInFile(text: string): string {
  const lines = text.split(/\r?\n/).map(line => line.trim())
  return lines.find(line => secretKind(line) !== 'unknown') ?? text.trim()
}
