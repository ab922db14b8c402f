import type { Held, HoldEvent, LightningBackend, MadeInvoice, PayResult, Received } from './backend'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { Buffer } from 'node:buffer'
import * as ldk from 'lightningdevkit'
import { HOLD_SECONDS } from './backend'
import { HoldBook, type HoldSeconds } from './hold-book'
import { LdkPair } from './ldk-pair'

interface Known { readonly expiresAt: number, readonly held: boolean }
type Node = LdkPair['payer']
/** Below this the payer is topped up by the payee, so that a long demo never runs dry. */
const LOW_MSAT = 6_000_000_000n
const TOP_UP_MSAT = 4_000_000_000n

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/**
 * Genuine invoices that are genuinely paid: two LDK nodes and a channel. The node's own clock is the chain, which stands still
 * here, so expiry is enforced where a payment arrives.
 */
export class LdkBackend implements LightningBackend {
  readonly kind = 'ldk'
  private pair: LdkPair | undefined
  private readonly invoices = new Map<string, Known>()
  private readonly preimages = new Map<string, string>()
  private readonly settled = new Map<string, Received>()
  private readonly waiting = new Map<string, (result: PayResult) => void>()
  /** Payments between the two nodes that are nobody's. */
  private readonly inner = new Set<string>()
  private readonly listeners = new Set<(payment: Received) => void>()
  private ticking: NodeJS.Timeout | undefined

  private readonly book: HoldBook

  private constructor(private readonly now: () => number, holdSeconds: HoldSeconds) {
    this.book = new HoldBook(now, holdSeconds, (hash) => {
      this.pair?.giveBack(hexToBytes(hash))
      void this.settleDown(hash)
    })
  }

  /** @param holdSeconds how long a payment is held at most */
  static async open(now: () => number, holdSeconds: HoldSeconds = HOLD_SECONDS): Promise<LdkBackend> {
    const backend = new LdkBackend(now, holdSeconds)
    backend.pair = await LdkPair.open({
      onClaimable: (hash, preimage, msat, deadline) => {
        const known = backend.invoices.get(hex(hash))
        if (known === undefined || backend.now() > known.expiresAt || backend.book.isOver(hex(hash)))
          return 'fail'
        if (known.held) {
          backend.book.arrived(hex(hash), msat, deadline)
          return 'hold'
        }
        if (preimage === undefined)
          return 'fail'
        backend.preimages.set(hex(hash), hex(preimage))
        return 'claim'
      },
      onClaimed: (hash, msat) => backend.settle(hex(hash), msat),
      onSent: (hash, preimage, feesMsat) => backend.answer(hex(hash), { paid: true, preimage: hex(preimage), feesMsat }),
      onFailed: hash => backend.answer(hex(hash), { paid: false, reason: backend.book.isOver(hex(hash)) ? 'returned' : backend.isLate(hex(hash)) ? 'expired' : 'no-route' }),
    })
    backend.ticking = setInterval(() => backend.pair?.tick(), 60_000)
    backend.ticking.unref()
    return backend
  }

  async invoice(amountMsat: number | null, description: string, expirySeconds: number, hashed = false): Promise<MadeInvoice> {
    return this.invoiceOf(this.open.payee, amountMsat, description, expirySeconds, { hashed })
  }

  async holdInvoice(amountMsat: number, description: string, expirySeconds: number, paymentHash: string): Promise<MadeInvoice> {
    return this.invoiceOf(this.open.payee, amountMsat, description, expirySeconds, { paymentHash })
  }

  async settleHold(preimage: string): Promise<'settled' | 'already-settled' | 'not-held'> {
    const bytes = hexToBytes(preimage)
    const hash = hex(sha256(bytes))
    if (this.book.get(hash) === undefined)
      return this.settled.has(hash) ? 'already-settled' : 'not-held'
    this.book.taken(hash)
    this.preimages.set(hash, preimage)
    this.open.claim(bytes)
    await this.settleDown(hash)
    return 'settled'
  }

  async cancelHold(paymentHash: string): Promise<'cancelled' | 'already-settled' | 'unknown'> {
    if (this.settled.has(paymentHash))
      return 'already-settled'
    if (this.invoices.get(paymentHash)?.held !== true)
      return 'unknown'
    this.book.release(paymentHash)
    return 'cancelled'
  }

  held(paymentHash: string): Held | undefined {
    return this.book.get(paymentHash)
  }

  isReturned(paymentHash: string): boolean {
    return this.book.isOver(paymentHash)
  }

  onHold(listener: (event: HoldEvent) => void): () => void {
    return this.book.on(listener)
  }

  tick(): void {
    this.book.tick()
  }

  async pay(bolt11: string, msat?: number): Promise<PayResult> {
    const result = await this.send(this.open.payer, bolt11, msat)
    if (result.paid)
      void this.topUp()
    return result
  }

  received(paymentHash: string): Received | undefined {
    return this.settled.get(paymentHash)
  }

  onReceived(listener: (payment: Received) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    clearInterval(this.ticking)
    this.pair?.close()
    this.pair = undefined
    this.listeners.clear()
    this.book.clear()
  }

  private invoiceOf(node: Node, amountMsat: number | null, description: string, expirySeconds: number, { hashed = false, paymentHash: own }: { readonly hashed?: boolean, readonly paymentHash?: string } = {}): MadeInvoice {
    this.open.tellTime(this.now())
    const text = ldk.Description.constructor_new(hashed ? '' : description)
    if (!(text instanceof ldk.Result_DescriptionCreationErrorZ_OK))
      throw new Error('the description is too long for an invoice')
    const about = hashed ? ldk.Bolt11InvoiceDescription.constructor_hash(ldk.Sha256.constructor_from_bytes(sha256(utf8ToBytes(description)))) : ldk.Bolt11InvoiceDescription.constructor_direct(text.res)
    const amount = amountMsat === null ? ldk.Option_u64Z.constructor_none() : ldk.Option_u64Z.constructor_some(BigInt(amountMsat))
    const made = node.manager.create_bolt11_invoice(amount, about, ldk.Option_u32Z.constructor_some(expirySeconds), ldk.Option_u16Z.constructor_none(), own === undefined ? ldk.Option_ThirtyTwoBytesZ.constructor_none() : ldk.Option_ThirtyTwoBytesZ.constructor_some(hexToBytes(own)))
    if (!(made instanceof ldk.Result_Bolt11InvoiceSignOrCreationErrorZ_OK))
      throw new Error('the node would not make this invoice')
    const paymentHash = hex(made.res.payment_hash())
    const expiresAt = Number(made.res.duration_since_epoch()) + expirySeconds
    this.invoices.set(paymentHash, { expiresAt, held: own !== undefined })
    return { bolt11: made.res.to_str(), paymentHash, expiresAt }
  }

  private async send(from: Node, bolt11: string, msat?: number): Promise<PayResult> {
    const read = ldk.Bolt11Invoice.constructor_from_str(bolt11.toLowerCase())
    if (!(read instanceof ldk.Result_Bolt11InvoiceParseOrSemanticErrorZ_OK))
      return { paid: false, reason: 'not-ours' }
    const hash = hex(read.res.payment_hash())
    if (!this.invoices.has(hash))
      return { paid: false, reason: 'not-ours' }
    if (this.settled.has(hash))
      return { paid: false, reason: 'already-paid' }
    if (this.waiting.has(hash))
      return { paid: false, reason: 'under-way' }
    const parameters = ldk.UtilMethods.constructor_payment_parameters_from_invoice(read.res)
    if (!(parameters instanceof ldk.Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK))
      return { paid: false, reason: this.isLate(hash) ? 'expired' : 'insufficient' }
    const [bytes, onion, route] = [parameters.res.get_a(), parameters.res.get_b(), parameters.res.get_c()]
    if (msat !== undefined)
      route.set_final_value_msat(BigInt(msat))
    return new Promise((resolve) => {
      this.waiting.set(hash, resolve)
      const sent = from.manager.send_payment(bytes, onion, bytes, route, ldk.Retry.constructor_attempts(1))
      if (sent instanceof ldk.Result_NoneRetryableSendFailureZ_Err)
        this.answer(hash, { paid: false, reason: this.isLate(hash) ? 'expired' : 'no-route' })
      void this.settleDown(hash)
    })
  }

  /** Every sale moves money to the payee: now and then some of it goes back. */
  private async topUp(): Promise<void> {
    const left = this.pair?.payer.manager.list_usable_channels()[0]?.get_outbound_capacity_msat()
    if (left === undefined || left > LOW_MSAT || this.inner.size > 0)
      return
    const { bolt11, paymentHash } = this.invoiceOf(this.open.payer, Number(TOP_UP_MSAT), 'top up', 3600)
    this.inner.add(paymentHash)
    await this.send(this.open.payee, bolt11)
    this.inner.delete(paymentHash)
  }

  private get open(): LdkPair {
    if (this.pair === undefined)
      throw new Error('the Lightning nodes are closed')
    return this.pair
  }

  private isLate(hash: string): boolean {
    return this.now() > (this.invoices.get(hash)?.expiresAt ?? Number.POSITIVE_INFINITY)
  }

  /** HTLCs become forwardable after a moment of the node's own choosing: pump until the payment has an end. */
  private async settleDown(hash: string): Promise<void> {
    for (let round = 0; round < 400 && this.waiting.has(hash); round += 1) {
      this.pair?.pump()
      // The payer waits until it is taken or given back.
      if (this.book.get(hash) !== undefined)
        return
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    this.answer(hash, { paid: false, reason: 'no-route' })
  }

  private answer(hash: string, result: PayResult): void {
    const resolve = this.waiting.get(hash)
    this.waiting.delete(hash)
    resolve?.(result)
  }

  private settle(paymentHash: string, msat: number): void {
    if (this.inner.has(paymentHash))
      return
    const payment: Received = { paymentHash, preimage: this.preimages.get(paymentHash) ?? '', msat, at: this.now() }
    this.settled.set(paymentHash, payment)
    for (const listener of this.listeners)
      listener(payment)
  }
}
