import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** What snapshot keys of an account begin with: `souk:<16 hex>:…`. */
export const accountPrefix = (pubkey: string): string => pubkey.slice(0, 16)

/** One journal database per account; its name does not give the account away at a glance. */
export const journalName = (pubkey: string): string => `souk-journal-${bytesToHex(sha256(utf8ToBytes(`souk journal ${pubkey}`))).slice(0, 16)}`
