/** What a wallet can be told to do wrong, for tests. All off at first. */
export interface WalletFaults {
  /** Cannot be reached: requests vanish, HTTP connections break, nothing is pushed. */
  offline: boolean
  /** Never answers, and does nothing. */
  stall: boolean
  /** Does what was asked, and never answers. */
  loseAnswer: boolean
  /** Answers with this NIP-47 code, or HTTP 520. */
  fail: string | null
  /** NIP-47: the one method that `fail` befalls; null: all. */
  failOn: string | null
  /** Milliseconds before an answer. */
  lateMs: number
  /** Says every answer and every notice twice. */
  twice: boolean
  /** NIP-47: an answer that cannot be decrypted. */
  garbled: boolean
  /** Invoices ask 1,000 sat more than was wanted. */
  wrongAmount: boolean
  /** Invoices run out after so many seconds, whatever was asked. */
  expirySeconds: number | null
  /** What is held goes back by itself after so many seconds. */
  holdSeconds: number | null
  /** LNURL: invoices come without a link that says whether they were paid. */
  noVerify: boolean
  /** Pays, then says INTERNAL. */
  internalAfterPaying: boolean
  /** What the provider of a merchant's wallet keeps of each payment that arrives, in sat: as for a channel opened on the way. */
  skimSats: number
  /** Only wallets of this role are at fault: 'shopper' or 'merchant'; null: all. */
  only: string | null
}

/** The faults that a wallet of this role has. */
export const faultsOf = (faults: WalletFaults, role: 'merchant' | 'shopper'): WalletFaults => faults.only === null || faults.only === role ? faults : noFaults()

/** Whether nothing comes out of the wallet by itself. */
export const isMute = (faults: WalletFaults): boolean => faults.stall || faults.offline

export const noFaults = (): WalletFaults => ({ offline: false, stall: false, loseAnswer: false, fail: null, failOn: null, lateMs: 0, twice: false, garbled: false, wrongAmount: false, expirySeconds: null, holdSeconds: null, noVerify: false, internalAfterPaying: false, skimSats: 0, only: null })

/** Sets the named ones (`{ reset: true }` clears all first); a name that is none, or a value of another sort, is refused by name. */
export function setFaults(faults: WalletFaults, body: Readonly<Record<string, unknown>>): string | null {
  const fresh = noFaults()
  const { reset = false, ...wanted } = body
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(fresh, name))
      return name
    const usual = fresh[name as keyof WalletFaults]
    const fits = usual === null ? value === null || typeof value === 'string' || typeof value === 'number' : typeof value === typeof usual
    if (!fits)
      return name
  }
  Object.assign(faults, reset === true ? fresh : {}, wanted)
  return null
}
