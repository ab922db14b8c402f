/** What a wallet can be told to do wrong, for tests. All off at first. */
export interface WalletFaults {
  /** Never answers. */
  stall: boolean
  /** Answers with this NIP-47 code, or HTTP 520. */
  fail: string | null
  /** Milliseconds before an answer. */
  lateMs: number
  twice: boolean
  /** NIP-47: an answer that cannot be decrypted. */
  garbled: boolean
  /** Invoices ask 1,000 sat more than was wanted. */
  wrongAmount: boolean
  /** Invoices run out after so many seconds, whatever was asked. */
  expirySeconds: number | null
  /** Pays, then says INTERNAL. */
  internalAfterPaying: boolean
}

export const noFaults = (): WalletFaults => ({ stall: false, fail: null, lateMs: 0, twice: false, garbled: false, wrongAmount: false, expirySeconds: null, internalAfterPaying: false })

/** Sets the named ones; a name that is none, or a value of another sort, is refused by name. */
export function setFaults(faults: WalletFaults, wanted: Readonly<Record<string, unknown>>): string | null {
  const fresh = noFaults()
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(fresh, name))
      return name
    const usual = fresh[name as keyof WalletFaults]
    const fits = usual === null ? value === null || typeof value === 'string' || typeof value === 'number' : typeof value === typeof usual
    if (!fits)
      return name
  }
  Object.assign(faults, wanted)
  return null
}
