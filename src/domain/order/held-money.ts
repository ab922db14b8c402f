import type { Hex32, Msat, Seconds } from '../brand'

/** Why held money went back, or why an invoice to be held was given up. */
export const releaseReasons = ['sold-out', 'order-over', 'paid-otherwise', 'too-little', 'too-late', 'replaced', 'by-hand', 'by-wallet', 'bad-invoice'] as const
export type ReleaseReason = typeof releaseReasons[number]
export const holdSteps = ['prepared', 'held', 'taking', 'releasing', 'released'] as const

/**
 * Local facts of the merchant about an invoice whose payment is held (payments.md §4.5). `prepared` stands before the wallet
 * is asked: without the preimage nothing could ever be taken. `taking` and `releasing` stand before the wallet is told: after a
 * crash the same is done again. That it was taken is `wallet-settled`, like any payment.
 */
export interface HoldFact {
  readonly type: 'hold'
  readonly paymentHash: Hex32
  readonly step: typeof holdSteps[number]
  /** `prepared`. */
  readonly preimage?: Hex32
  readonly attempt?: number
  /** `held`: how much, and when it goes back if nothing else was decided. */
  readonly msat?: Msat
  readonly releaseAt?: Seconds
  /** `held`: about when the wallet itself gives it back at the latest. */
  readonly heldUntil?: Seconds
  /** `releasing`, `released`. */
  readonly reason?: ReleaseReason
}

/** Reserved money goes back by itself after so long, whatever else is not known by then (payments.md §4.5). */
export const HOLD_SECONDS = 600

export const escrowStates = ['locked', 'disputed', 'released', 'refunded'] as const

/** Local fact of either side: what an escrow provider says of this order's money, and by what it shows it. */
export interface EscrowFact {
  readonly type: 'escrow'
  readonly provider: string
  /** The provider's own name for this lock. */
  readonly ref: string
  readonly state: typeof escrowStates[number]
  readonly msat: Msat | null
  /** Signature, transaction or whatever that provider proves it by; '' = its word alone. */
  readonly proof: string
}

/** `asked`: what pays the current invoice will be held. Said by the merchant, about one payment hash. */
export interface HoldWord { readonly state: 'asked' | 'held' | 'released', readonly hash: Hex32 }
export interface HoldSaid { readonly hold?: HoldWord }
/** What pays it is reserved first, and taken or given back within minutes. */
export interface Reserved { readonly reserve?: true }

export type HeldMoneyWhat = 'held' | 'hold-released' | 'escrow-locked' | 'escrow-disputed' | 'escrow-released' | 'escrow-refunded'

/** One invoice whose payment is held, as far as this side knows. */
export interface Hold {
  readonly paymentHash: Hex32
  /** null: this device cannot take it. */
  readonly preimage: Hex32 | null
  readonly attempt: number
  readonly state: 'asked' | 'held' | 'taking' | 'releasing' | 'released' | 'taken'
  readonly msat: Msat | null
  readonly heldAt: Seconds | null
  readonly releaseAt: Seconds | null
  /** Whatever becomes of Souk: about when the wallet lets go of it; absent: it did not say. */
  readonly heldUntil?: Seconds
  readonly reason: ReleaseReason | null
  /** What the shopper has been told of it. */
  readonly told: { readonly held: boolean, readonly released: boolean, readonly refused: boolean }
  /** When it went back. */
  readonly endedAt: Seconds | null
}

export interface HeldMoney {
  /** Oldest attempt first. */
  readonly holds: readonly Hold[]
  readonly escrow: (Omit<EscrowFact, 'type'> & { readonly since: Seconds }) | null
}

const LOCKED: ReadonlySet<Hold['state']> = new Set(['held', 'taking', 'releasing'])

/** Money is locked: it has left the shopper, and is not the merchant's. */
export const isLocked = ({ holds, escrow }: HeldMoney): boolean => holds.some(isHeld) || escrow?.state === 'locked'
/** A decision about an invoice that nobody has paid locks nothing. */
export const isHeld = ({ state, heldAt }: Hold): boolean => heldAt !== null && LOCKED.has(state)
