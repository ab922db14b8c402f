import type { Address, EventId, Pubkey, Seconds } from '../brand'

export type Dialect = 'nip15' | 'gamma' | 'plebeian' | 'shopstr'

/** What every listing has, whatever it lists. */
export interface ListingBase {
  readonly address: Address
  readonly author: Pubkey
  /** The `d` tag. */
  readonly id: string
  readonly eventId: EventId
  readonly publishedAt: Seconds
  readonly dialect: Dialect
}
