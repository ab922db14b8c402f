import type { Address, Pubkey, RelayUrl } from '../domain/brand'
import type { PaymentDetail, Review } from '../domain/catalog/nip99-types'
import type { Product, Profile, Stall } from '../domain/catalog/types'
import type { NostrEvent } from '../domain/protocol/event'

/** What changed in the market since the last batch. Decoded, verified, newest version only. */
export interface CatalogBatch {
  /** Of NIP-99 merchants the one that each is (docs/decisions/0010). */
  readonly stalls: readonly Stall[]
  /** With the ways that each is sent by; again when these change. */
  readonly products: readonly Product[]
  readonly profiles: readonly Profile[]
  readonly reviews: readonly Review[]
  readonly paymentDetails: readonly PaymentDetail[]
  /** Deleted by their author, whatever they were. */
  readonly gone: readonly Address[]
  readonly seen: readonly { readonly address: Address, readonly relays: readonly RelayUrl[] }[]
  readonly from: 'device' | 'relay'
}

export interface CatalogProgress {
  readonly phase: 'device' | 'first-page' | 'paging' | 'live' | 'offline'
  readonly received: number
  readonly refused: number
  /** Relays that have shown all they have, and the page has heard all of it: of those, what is not here does not exist. */
  readonly complete: readonly RelayUrl[]
}

/** The market: first what this device remembers, then what the relays say, then live. Work happens in a worker. */
export interface CatalogFeed {
  /** An own event that was just signed: it counts here at once, whichever relay takes it, and the device keeps it. */
  remember?(event: NostrEvent): void
  /** A link leads to this merchant, and names relays: their listings are read there too, into every market that is open. */
  look?(hint: { readonly merchant: Pubkey, readonly relays: readonly RelayUrl[] }): void
  open(options: {
    readonly relays: readonly RelayUrl[]
    readonly signal: AbortSignal
    readonly onBatch: (batch: CatalogBatch) => void
    readonly onProgress?: (progress: CatalogProgress) => void
  }): void
}
