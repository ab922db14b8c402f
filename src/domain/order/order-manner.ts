import type { Pubkey } from '../brand'
import type { Dialect } from '../catalog/listing-base'
import type { HeldMoney } from './held-money'

/** How an order was said, beside what it says; and what is held of its money. */
export interface OrderManner extends HeldMoney {
  /** In which dialect each side last spoke, where it said anything after placing. */
  readonly heardIn: { readonly shopper?: Dialect, readonly merchant?: Dialect }
  /** Some message of it was signed in the open, for everyone to read (Plebeian, gamma.md §5). */
  readonly inTheOpen: boolean
  /** Placed by a key that was made for it (Shopstr): whom it claims to be. */
  readonly throwAway: { readonly claims: Pubkey | null } | null
}
