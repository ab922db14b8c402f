import type { Held, HoldEvent, LightningBackend, MadeInvoice, PayRefusal, Received } from '../lightning/backend'
import type { WalletFaults } from './faults'
import { faultsOf } from './faults'
import { isByAddress } from './by-address'
import { peekInvoice } from '../../src/domain/invoice/peek'

export type AccountRole = 'merchant' | 'shopper'

export interface Transaction {
  readonly type: 'incoming' | 'outgoing'
  readonly bolt11: string
  readonly paymentHash: string
  readonly description: string
  readonly amountMsat: number
  readonly createdAt: number
  readonly expiresAt: number
  readonly metadata: Readonly<Record<string, unknown>>
  settledAt: number | null
  preimage: string | null
  receivedMsat: number | null
  /** An outgoing one that came to nothing, or a held one that was given back. */
  failed: boolean
  /** Arrived, and neither taken nor given back. */
  held?: Held | null
}

export type AccountPay = { readonly paid: true, readonly preimage: string, readonly feesMsat: number } | { readonly paid: false, readonly reason: PayRefusal | 'over-balance' }

/** One wallet of the sandbox: its own balance and history over the nodes that all share. */
export class Account {
  readonly transactions = new Map<string, Transaction>()
  private readonly listeners = new Set<(transaction: Transaction) => void>()
  private readonly holdListeners = new Set<(transaction: Transaction) => void>()

  constructor(readonly name: string, readonly role: AccountRole, public balanceMsat: number, private readonly lightning: LightningBackend, private readonly faults: WalletFaults, private readonly now: () => number) {}

  async makeInvoice(amountMsat: number, description: string, expirySeconds: number, metadata: Readonly<Record<string, unknown>> = {}): Promise<Transaction> {
    const asked = faultsOf(this.faults, this.role).wrongAmount ? amountMsat + 1_000_000 : amountMsat
    const seconds = faultsOf(this.faults, this.role).expirySeconds ?? expirySeconds
    return this.keep(await this.lightning.invoice(asked, description, seconds, isByAddress({ metadata })), { asked, description, metadata })
  }

  async makeHoldInvoice(amountMsat: number, paymentHash: string, description: string, expirySeconds: number, metadata: Readonly<Record<string, unknown>> = {}): Promise<Transaction> {
    const asked = faultsOf(this.faults, this.role).wrongAmount ? amountMsat + 1_000_000 : amountMsat
    return this.keep(await this.lightning.holdInvoice(asked, description, faultsOf(this.faults, this.role).expirySeconds ?? expirySeconds, paymentHash), { asked, description, metadata })
  }

  private keep(made: MadeInvoice, { asked, description, metadata }: { readonly asked: number, readonly description: string, readonly metadata: Readonly<Record<string, unknown>> }): Transaction {
    const transaction: Transaction = { type: 'incoming', bolt11: made.bolt11, paymentHash: made.paymentHash, description, amountMsat: asked, createdAt: this.now(), expiresAt: made.expiresAt, metadata, settledAt: null, preimage: null, receivedMsat: null, failed: false }
    this.transactions.set(made.paymentHash, transaction)
    return transaction
  }

  async pay(bolt11: string): Promise<AccountPay> {
    const invoice = peekInvoice(bolt11)
    if (invoice === undefined || invoice.amount === null)
      return { paid: false, reason: 'not-ours' }
    if (invoice.amount > this.balanceMsat)
      return { paid: false, reason: 'over-balance' }
    const before = this.transactions.get(invoice.paymentHash)
    if (before?.type === 'outgoing' && !before.failed)
      return { paid: false, reason: before.settledAt === null ? 'under-way' : 'already-paid' }
    // Set aside before the nodes are asked: two payments at once must not spend the same balance.
    this.balanceMsat -= invoice.amount
    const transaction: Transaction = { type: 'outgoing', bolt11: invoice.bolt11, paymentHash: invoice.paymentHash, description: '', amountMsat: invoice.amount, createdAt: this.now(), expiresAt: invoice.expiresAt, metadata: {}, settledAt: null, preimage: null, receivedMsat: null, failed: false }
    if (before === undefined || before.type === 'outgoing')
      this.transactions.set(invoice.paymentHash, transaction)
    const result = await this.lightning.pay(bolt11)
    if (!result.paid) {
      this.balanceMsat += invoice.amount
      transaction.failed = true
      return result
    }
    this.balanceMsat -= result.feesMsat
    transaction.settledAt = this.now()
    transaction.preimage = result.preimage
    this.tell(transaction)
    return result
  }

  /** The nodes received something: is it ours? */
  settle(payment: Received): void {
    const transaction = this.transactions.get(payment.paymentHash)
    if (transaction === undefined || transaction.type === 'outgoing' || transaction.settledAt !== null)
      return
    transaction.settledAt = payment.at
    transaction.held = null
    transaction.preimage = payment.preimage
    transaction.receivedMsat = Math.max(0, payment.msat - faultsOf(this.faults, this.role).skimSats * 1_000)
    this.balanceMsat += transaction.receivedMsat
    this.tell(transaction)
  }

  /** The nodes hold something, or gave it back: is it ours? */
  hold(event: HoldEvent): void {
    const transaction = this.transactions.get(event.type === 'held' ? event.held.paymentHash : event.paymentHash)
    if (transaction?.type !== 'incoming' || transaction.settledAt !== null)
      return
    transaction.held = event.type === 'held' ? event.held : null
    transaction.failed = event.type === 'released'
    if (event.type === 'held') {
      for (const listener of this.holdListeners)
        listener(transaction)
    }
  }

  settleHold(preimage: string): ReturnType<LightningBackend['settleHold']> {
    return this.lightning.settleHold(preimage)
  }

  /** Only what this account asked for. */
  async cancelHold(paymentHash: string): ReturnType<LightningBackend['cancelHold']> {
    return this.transactions.get(paymentHash)?.type === 'incoming' ? this.lightning.cancelHold(paymentHash) : 'unknown'
  }

  onHeld(listener: (transaction: Transaction) => void): () => void {
    this.holdListeners.add(listener)
    return () => this.holdListeners.delete(listener)
  }

  onSettled(listener: (transaction: Transaction) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(transaction: Transaction): void {
    for (const listener of this.listeners)
      listener(transaction)
  }
}
