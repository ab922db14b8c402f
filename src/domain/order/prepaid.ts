import type { Hex32, Msat, Pubkey } from '../brand'
import type { Dialect } from '../catalog/listing-base'
import type { PaymentDetail } from '../catalog/nip99-types'
import type { Profile } from '../catalog/types'

/** Whose address gave an invoice that nobody sent; `host` answered for it. `verify`: where its payment is looked up (LUD-21). */
export interface SelfMade { readonly address: string, readonly host: string, readonly verify: string | null }

/** Local fact: an invoice that the shopper's own client asked from a prepaid merchant's Lightning address (orders.md §4); never sent. */
export interface SelfMadeInvoice extends SelfMade { readonly type: 'self-made', readonly paymentHash: Hex32, readonly bolt11: string, readonly msat: Msat }

/** A merchant whose client sends no payment request: the shopper asks the address. null: it names none. */
export interface Prepaid { readonly merchant: Pubkey, readonly address: string | null }

export interface PrepaidNeeds {
  readonly merchant: Pubkey
  readonly dialect: Dialect
  /** undefined: not here (yet). */
  readonly profile: Profile | undefined
  /** Those meant for all first. */
  readonly details: readonly PaymentDetail[]
}

const ADDRESS = /^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,250}(?::\d{1,5})?$/i

/**
 * Whether an order is paid to the merchant's Lightning address without being asked (gamma.md §3, §5, §8.5): always with
 * Plebeian and Shopstr, whose merchants' clients never ask; with others only where the profile prefers it. null: the merchant asks.
 */
export function prepaidOf({ merchant, dialect, profile, details }: PrepaidNeeds): Prepaid | null {
  const fromDetail = (): string | null =>
    details.find(({ method, destination, products }) => method.toLowerCase() === 'ln' && products.length === 0 && ADDRESS.test(destination))?.destination ?? null
  const address = profile !== undefined && profile.lud16 !== '' ? profile.lud16 : fromDetail()
  switch (dialect) {
    case 'nip15':
      return null
    case 'gamma':
      // A preference without an address binds nobody: then the merchant asks after all.
      return profile?.paymentPreference === 'lud16' && address !== null ? { merchant, address } : null
    case 'plebeian':
    case 'shopstr':
      // What has not come yet may still name one.
      return profile === undefined && address === null ? null : { merchant, address }
  }
}

/** Ordered with a program that pays the merchant's address by itself (gamma.md §5, §6): an invoice would ask a second time for the same. */
export const paysUnasked = (dialect: Dialect): boolean => dialect === 'plebeian' || dialect === 'shopstr'
