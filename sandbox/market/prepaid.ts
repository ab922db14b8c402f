/** Merchants who never send a payment request: their profile names an address, and that it is to be paid (gamma.md §3). */
const PREPAID: readonly string[] = ['esma']

export const isPrepaid = (name: string): boolean => PREPAID.includes(name)

export const addressOf = (name: string, walletUrl: string): string => `${name}@${new URL(walletUrl).host}`

export interface PaidHow { readonly lud16?: string, readonly preference?: string }

/** What of it stands in a profile. */
export const paidHow = (name: string, walletUrl: string): PaidHow =>
  isPrepaid(name) ? { lud16: addressOf(name, walletUrl), preference: 'lud16' } : {}
