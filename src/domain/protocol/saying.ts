import type { EventId, Hex32, Msat, Pubkey, Seconds } from '../brand'
import type { OrderLine, OrderTerms, PaymentOption } from '../order/types'
import type { ExtraStatus } from './souk-extra'

/** Who speaks to whom about which order: what every dialect needs. */
export interface About {
  readonly orderId: string
  readonly shopper: Pubkey
  readonly merchant: Pubkey
  readonly items: readonly OrderLine[]
}

/** What one party wants to say, before any dialect has words for it. */
export type Saying =
  | { readonly say: 'order', readonly msat: Msat | null } & Omit<OrderTerms, 'items'>
  | { readonly say: 'request', readonly msat: Msat, readonly options: readonly PaymentOption[], readonly text: string, readonly pin: EventId, readonly zoneId: string, readonly expiresAt: Seconds | null
    /** What pays it is held first: the payment hash, and the sentence that says so. */
    readonly reserve?: { readonly hash: Hex32, readonly text: string }
    /** It is sent another way than was chosen: the sentence that says so. */
    readonly rezoned?: string }
  | { readonly say: 'refusal', readonly text: string, readonly pin: EventId }
  /** NIP-15 repeats both booleans each time; `change` is what is new. */
  | { readonly say: 'status', readonly change: 'paid' | 'shipped' | 'unshipped', readonly text: string, readonly paid: boolean, readonly shipped: boolean, readonly pin: EventId, readonly tracking?: NonNullable<ExtraStatus['tracking']> }
  /** The shopper's: that invoice was paid, and what shows it. `msat` null: no amount is known. */
  | { readonly say: 'receipt', readonly msat: Msat | null, readonly invoice: string, readonly preimage: string, readonly text: string
    /** By what else, where there is no invoice. */
    readonly other?: { readonly medium: 'bitcoin' | 'lightning' | 'other', readonly reference: string } }
  /** What NIP-15 has no words for. */
  | { readonly say: 'word', readonly by: Pubkey, readonly text: string, readonly extra: ExtraStatus }
  | { readonly say: 'chat', readonly by: Pubkey, readonly text: string }
