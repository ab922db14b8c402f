/** What the two parties say to each other (`OrderMessage`), and what is computed from it (`Order`); docs/architecture.md, "Facts first". */
import type { Address, EventId, Hex32, Msat, OrderKey, Pubkey, Seconds } from '../brand'
import type { Dialect } from '../catalog/types'
import type { Money, Rate } from '../money/types'
import type { ExcessMark, MoneySaid } from './excess-word'
import type { EscrowFact, HeldMoneyWhat, HoldFact, HoldSaid, Reserved } from './held-money'
import type { InvoiceMaker } from './invoice-maker'
import type { OrderManner } from './order-manner'
import type { SelfMade, SelfMadeInvoice } from './prepaid'
import type { OrderRefunds, RefundLine, RefundPay, RefundSaid, RefundStep } from './refund-types'

export type Role = 'shopper' | 'merchant'
export type Transport = 'nip04' | 'nip59' | 'public' | 'local'

interface MessageBase {
  /** Event id (kind 4, public), rumor id, or the id of a local fact. One id counts once. */
  readonly id: EventId
  readonly author: Pubkey
  /** Local facts: the author again. */
  readonly receiver: Pubkey
  readonly sentAt: Seconds
  readonly transport: Transport
  readonly dialect: Dialect
}

/** The order id on the wire, 1…128 printable characters. */
interface AboutOrder { readonly orderId: string }

/** `variant`: which of a listing's sizes and sorts (Shopstr), as `choiceText` puts it. A Gamma variation is named by its own address. */
export interface OrderLine { readonly productId: string, readonly product?: Address, readonly quantity: number, readonly variant?: string }
export interface Contact { readonly nostr?: string, readonly phone?: string, readonly email?: string }

/** What a shopper orders, where to, and how to be reached. '' = none named. */
export interface OrderTerms {
  readonly items: readonly OrderLine[]
  readonly zoneId: string
  readonly name: string
  readonly address: string
  readonly contact: Contact
  readonly shopperMessage: string
}

export interface PlacedMessage extends MessageBase, AboutOrder, OrderTerms {
  readonly type: 'order'
  /** What the shopper's client took the order to cost (Gamma); null where its text is no whole number of sat. */
  readonly amount?: { readonly msat: Msat | null, readonly text: string }
  /**
   * Written by a key that was made for it (Shopstr): that key is the shopper of this thread; whom it claims to be stands for
   * nothing. `pickup`: the address is the merchant's own, where goods are handed out.
   */
  readonly throwAway?: { readonly claims: Pubkey | null, readonly pickup?: true }
}

export type PaymentOptionType = 'ln' | 'lnurl' | 'btc' | 'url' | 'cashu' | 'other'
/** As it came; nothing is payable until `invoice/check.ts` has said so for this order. */
export interface PaymentOption { readonly type: PaymentOptionType, readonly label: string, readonly link: string }

export interface RequestMessage extends MessageBase, AboutOrder, Reserved {
  readonly type: 'payment-request'
  readonly options: readonly PaymentOption[]
  readonly text: string
  /** Order message that the merchant answered (`souk` key): it counts, any other is `rewritten`. */
  readonly pin?: EventId
  /** Zone after a reissue, from the `souk` key. */
  readonly zoneId?: string
  /** Whom this part of the order is to be paid to (Gamma `recipient`); absent = the merchant. */
  readonly recipient?: string
  /** What the request says that it asks (Gamma): an invoice for another amount is not to be paid. */
  readonly msat?: Msat | null
  /** After which it is not to be paid any more (Gamma `expiration`). */
  readonly deadline?: Seconds
}

export interface RefusalMessage extends MessageBase, AboutOrder {
  readonly type: 'refusal'
  readonly text: string
  readonly pin?: EventId
}

export type FulfilmentWord = 'accepted' | 'processing' | 'ready_to_ship' | 'in_transit' | 'out_for_delivery'
  | 'delivered' | 'completed' | 'exception'

/** NIP-15 type 2, Gamma 16/3 and 16/4, and our own extra words. An absent field says nothing. */
export interface StatusMessage extends MessageBase, AboutOrder, HoldSaid, MoneySaid {
  readonly type: 'status'
  /** The merchant has it and has not looked at it yet (Gamma `pending`): takes nothing back. */
  readonly seen?: true
  readonly saidPaid?: true
  /** A mistaken 'paid' taken back by the merchant, with the reason in `text`. */
  readonly takesBackPaid?: true
  readonly shipped?: boolean, readonly rezoned?: string
  readonly word?: FulfilmentWord
  readonly cancelled?: true, readonly keepsOrder?: EventId
  readonly dispute?: 'opened' | 'withdrawn' | 'resolved'
  readonly refund?: RefundSaid, readonly refundStep?: RefundStep
  readonly tracking?: { readonly carrier?: string, readonly number?: string, readonly url?: string, readonly eta?: string }
  readonly text: string
  readonly pin?: EventId
}

/** Shopper's receipt (Gamma 17); NIP-15 sends none. `preimage` '' when there is none. */
export interface ReceiptMessage extends MessageBase, AboutOrder {
  readonly type: 'receipt'
  readonly preimage: string
  readonly invoice: string
  readonly msat: Msat | null
  /** Other than lightning: by what was paid, and what is said to show it. */
  readonly other?: OtherPayment
}

/** `token` '' = none. A token is money itself: never in a shown text, never in a log (gamma.md §6). */
export interface OtherPayment { readonly medium: string, readonly reference: string, readonly token: string }

export interface ChatMessage extends MessageBase {
  readonly type: 'chat'
  readonly orderId?: string
  readonly text: string
  /** It names an order and no product: nothing that could be filled (Shopstr's zapsnag). */
  readonly looksLikeOrder?: string
  /** Money in the text, which shows only how it begins. */
  readonly token?: string
}

/** A shopper's plan in the Gamma dialects: shown, never payable. */
export interface PlanMessage extends MessageBase, AboutOrder {
  readonly type: 'plan'
  readonly msat: Msat | null
  readonly recipient: string
  /** Lightning address that the shopper's client means to pay. */
  readonly lightningAddress?: string
}

/** By a throw-away key (Shopstr): joined for display, changes no fact until accepted by hand. */
export interface UnattributedMessage extends MessageBase, AboutOrder {
  readonly type: 'unattributed'
  readonly subject: string, readonly text: string
  readonly tracking?: StatusMessage['tracking']
  /** Shopstr's `status`: with what it wants, in a request to take something back. */
  readonly status?: string
  /** Who it says the shopper is. */
  readonly claims?: Pubkey
  /** Whose product it names: it joins no order with anybody else. */
  readonly itemOf?: Pubkey
  readonly payment?: OtherPayment & { readonly preimage: string, readonly msat: Msat | null }
}

/** Snapshot of one line as it stood at placing, or at invoicing. `variant`: which one of several, in words. */
export interface LineSnapshot {
  readonly product: Address
  readonly productId: string
  readonly quantity: number
  readonly name: string, readonly variant?: string
  readonly image: string
  readonly unitPrice: Money
  readonly shippingExtra: Money
  readonly listing: EventId
  readonly subtotal: Money
}

export interface OrderTotals {
  readonly goods: Money
  readonly shipping: Money
  readonly total: Money
  /** What the invoice should ask. null when no rate was at hand. */
  readonly totalMsat: Msat | null
  readonly rate: Rate | null
}

/** Facts of this device: messages too, authored by ourselves, never sent (orders.md §5.11). */
export type LocalFact = MessageBase & { readonly order: OrderKey } & (
  | { readonly type: 'snapshot', readonly side: Role, readonly stall: Address, readonly stallName: string
    readonly zone: { readonly id: string, readonly name: string, readonly cost: Money } | null
    readonly lines: readonly LineSnapshot[], readonly totals: OrderTotals }
  | InvoiceMaker & { readonly type: 'invoice-issued', readonly attempt: number, readonly paymentHash: Hex32, readonly bolt11: string
    readonly asked: Msat, readonly expiresAt: Seconds, readonly totals: OrderTotals, readonly zoneId: string }
  /** Own wallet says settled (merchant). */
  | { readonly type: 'wallet-settled', readonly paymentHash: Hex32, readonly msat: Msat, readonly settledAt: Seconds }
  /** Own wallet paid (shopper): the preimage hashes to the hash. */
  | { readonly type: 'wallet-paid', readonly paymentHash: Hex32, readonly preimage: string, readonly msat: Msat }
  | SelfMadeInvoice | RefundPay | HoldFact | EscrowFact
  /** A payment was started whose outcome is not known yet. */
  | { readonly type: 'paying', readonly paymentHash: Hex32, readonly via: string, readonly wallet?: string }
  | { readonly type: 'paying-failed', readonly paymentHash: Hex32, readonly reason: string }
  | { readonly type: 'pinned', readonly orderMessage: EventId }
  /** The listing published at `listingAt` counts these pieces as sold; appended before it is published (T11). `short`: there were fewer. */
  | { readonly type: 'stock-taken', readonly product: Address, readonly quantity: number, readonly listingAt: Seconds, readonly short?: true }
  | { readonly type: 'note', readonly text: string }
  | { readonly type: 'archived', readonly archived: boolean }
  /** 'I recognise this'; `takenBack`: no longer. */
  | { readonly type: 'accept-unattributed', readonly message: EventId, readonly takenBack?: true }
)

export type WireMessage = PlacedMessage | RequestMessage | RefusalMessage | StatusMessage | ReceiptMessage
  | ChatMessage | PlanMessage | UnattributedMessage
export type OrderMessage = WireMessage | LocalFact

export type OrderStatus = 'payment_pending' | 'payment_requested' | 'payment_confirmed' | 'escrow_locked'
  | 'order_confirmed' | 'processing' | 'ready_to_ship' | 'shipped' | 'in_transit' | 'out_for_delivery'
  | 'delivered' | 'completed' | 'disputed' | 'cancelled' | 'refunded' | 'failed'

export type PaymentStrength = 'unpaid' | 'claimed' | 'said' | 'proved'

export type ProblemCode = 'shipped-before-paid' | 'shipped-after-cancelled' | 'cancelled-after-shipped'
  | 'cancelled-after-completed' | 'refused-after-paid' | 'rewritten' | 'paid-superseded' | 'paid-twice' | 'underpaid'
  | 'overpaid' | 'paid-after-end' | 'refund-due' | 'refund-declined' | 'amount-mismatch' | 'hash-of-other-order' | 'wrong-network'
  | 'too-many-messages' | 'ambiguous-author'

export interface RequestFact extends Reserved {
  readonly message: EventId
  /** '' = the merchant; else the payee named (Gamma). Requests supersede each other per payee. */
  readonly recipient: string
  readonly at: Seconds
  readonly options: readonly PaymentOption[]
  readonly text: string
  /** Of the first readable BOLT11 among the options; null where there is none. */
  readonly bolt11: string | null
  readonly paymentHash: Hex32 | null
  readonly msat: Msat | null, readonly expiresAt: Seconds | null
  /** What the request itself says, beside its invoice (Gamma). */
  readonly saidMsat?: Msat, readonly deadline?: Seconds
  /** The merchant asked for nothing: the shopper's client got this invoice itself. */
  readonly selfMade?: SelfMade
  readonly supersededBy: EventId | null
}

export interface PaymentFact extends ExcessMark {
  readonly strength: Exclude<PaymentStrength, 'unpaid'>
  readonly paymentHash: Hex32 | null
  readonly preimage: string
  readonly msat: Msat | null
  readonly at: Seconds
  readonly by: 'shopper' | 'merchant' | 'own-wallet'
  readonly message: EventId
}

/** What happened, for the sentence on the screen. */
export type TimelineWhat = 'placed' | 'rewritten' | 'requested' | 'self-made' | 'reissued' | 'refused' | 'paid-said' | 'paid-claimed' | 'paid-proved'
  | 'payment-taken-back' | 'payment-failed' | 'accepted' | 'processing' | 'ready-to-ship' | 'shipped' | 'unshipped' | 'in-transit'
  | 'out-for-delivery' | 'delivered' | 'completed' | 'exception' | 'tracking' | 'status-text' | 'cancelled' | 'cancel-requested' | 'cancel-declined'
  | 'dispute-opened' | 'dispute-withdrawn' | 'dispute-resolved' | RefundLine['what'] | 'plan' | 'unattributed' | HeldMoneyWhat

export interface TimelineEntry {
  readonly at: Seconds
  readonly what: TimelineWhat
  readonly status: OrderStatus | null
  readonly by: Role | 'system' | 'unattributed'
  readonly text: string
  readonly message: EventId
  /** Checked by arithmetic or an own wallet, not merely said. */
  readonly verified: boolean
}

export interface Order extends OrderTerms, OrderManner, OrderRefunds {
  readonly key: OrderKey
  readonly id: string
  /** `ORD-2026-XXXXXX`, the same on both sides; the id decides. */
  readonly number: string
  readonly dialect: Dialect
  readonly shopper: Pubkey
  readonly merchant: Pubkey
  readonly placedBy: EventId
  readonly placedAt: Seconds
  readonly updatedAt: Seconds
  /** This side's snapshot of goods and prices; null until it could be taken. */
  readonly snapshot: Extract<LocalFact, { type: 'snapshot' }> | null
  readonly requests: readonly RequestFact[]
  /** The request in force, or null. */
  readonly request: RequestFact | null
  readonly refusal: { readonly text: string, readonly at: Seconds } | null
  readonly issued: readonly Extract<LocalFact, { type: 'invoice-issued' }>[]
  readonly payments: readonly PaymentFact[]
  /** Products of this order that a later listing counts as sold: when that listing was published. `stockShort`: not all its pieces were there. */
  readonly stockTaken: Readonly<Record<Address, Seconds>>, readonly stockShort?: true
  readonly payment: PaymentStrength
  readonly paidMsat: Msat | null
  /** Payment hash of a payment that was started and has no known outcome. */
  readonly paying: Hex32 | null
  /** By what kind of wallet, by which (`Wallet.id`, where it has one), and when; '' and null while none is under way. */
  readonly payingVia: string, readonly payingWallet?: string, readonly payingSince: Seconds | null
  readonly status: OrderStatus
  readonly shipped: boolean, readonly shippedAt: Seconds | null
  /** When each word was first said by whom it belongs to (accumulating facts). */
  readonly fulfilment: Readonly<Partial<Record<FulfilmentWord, Seconds>>>
  readonly deliveredBy: Role | null, readonly exception: boolean
  readonly tracking: { readonly carrier: string, readonly number: string, readonly url: string, readonly eta: string } | null
  readonly statusText: string
  readonly cancelledBy: Role | null
  readonly cancelRequestedBy: Role | null
  readonly dispute: { readonly by: Role, readonly reason: string, readonly at: Seconds, readonly open: boolean } | null
  readonly plans: number
  readonly unattributed: number
  readonly resends: number
  /** Messages that count, without local facts and repeats. */
  readonly messageCount: number
  readonly chat: readonly { readonly id: EventId, readonly by: Role, readonly text: string, readonly at: Seconds, readonly token?: string }[]
  readonly note: string
  readonly archived: boolean
  readonly timeline: readonly TimelineEntry[]
  readonly problems: readonly ProblemCode[]
}
