import type { Held, HoldEvent, LightningBackend, MadeInvoice, PayResult, Received } from './backend'
import { HOLD_SECONDS } from './backend'
import { HoldBook, type HoldSeconds } from './hold-book'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bech32 } from '@scure/base'
import { randomBytes } from 'node:crypto'

/** `preimage` null: only who made the invoice knows it. */
interface Entry extends MadeInvoice { readonly amountMsat: number | null, readonly preimage: string | null }

/** Play money for unit tests: invoices are signed and well formed, preimages hash, expiry counts; nothing is routed. */
export class LedgerBackend implements LightningBackend {
  readonly kind = 'ledger'
  private readonly key = secp256k1.utils.randomSecretKey()
  private readonly invoices = new Map<string, Entry>()
  private readonly settled = new Map<string, Received>()
  private readonly listeners = new Set<(payment: Received) => void>()

  /** Payers whose payment is held. */
  private readonly waiting = new Map<string, (result: PayResult) => void>()
  private readonly book: HoldBook

  constructor(private readonly now: () => number, private readonly capacityMsat = 5_000_000_000, holdSeconds: HoldSeconds = HOLD_SECONDS) {
    this.book = new HoldBook(now, holdSeconds, hash => this.answer(hash, { paid: false, reason: 'returned' }))
  }

  async invoice(amountMsat: number | null, description: string, expirySeconds: number, hashed = false): Promise<MadeInvoice> {
    const preimage = randomBytes(32)
    return this.make({ amountMsat, description, expirySeconds, hashed, hash: sha256(preimage), preimage: bytesToHex(preimage) })
  }

  async holdInvoice(amountMsat: number, description: string, expirySeconds: number, paymentHash: string): Promise<MadeInvoice> {
    return this.make({ amountMsat, description, expirySeconds, hashed: false, hash: hexToBytes(paymentHash), preimage: null })
  }

  private make({ amountMsat, description, expirySeconds, hashed, hash, preimage }: { readonly amountMsat: number | null, readonly description: string, readonly expirySeconds: number, readonly hashed: boolean, readonly hash: Uint8Array, readonly preimage: string | null }): Entry {
    const bolt11 = sign({ key: this.key, amountMsat, hash, secret: randomBytes(32), description, hashed, at: this.now(), expirySeconds })
    const entry: Entry = { bolt11, paymentHash: bytesToHex(hash), expiresAt: this.now() + expirySeconds, amountMsat, preimage }
    this.invoices.set(bolt11, entry)
    return entry
  }

  async pay(bolt11: string, msat?: number): Promise<PayResult> {
    const entry = this.invoices.get(bolt11.toLowerCase())
    if (entry === undefined)
      return { paid: false, reason: 'not-ours' }
    if (this.settled.has(entry.paymentHash))
      return { paid: false, reason: 'already-paid' }
    if (this.book.get(entry.paymentHash) !== undefined)
      return { paid: false, reason: 'under-way' }
    if (this.book.isOver(entry.paymentHash))
      return { paid: false, reason: 'no-route' }
    if (this.now() > entry.expiresAt)
      return { paid: false, reason: 'expired' }
    if (entry.amountMsat === null || entry.amountMsat > this.capacityMsat)
      return { paid: false, reason: 'insufficient' }
    const sent = msat ?? entry.amountMsat
    if (sent < entry.amountMsat || sent > 2 * entry.amountMsat)
      return { paid: false, reason: 'no-route' }
    if (entry.preimage === null)
      return this.hold(entry.paymentHash, sent)
    this.settle({ paymentHash: entry.paymentHash, preimage: entry.preimage, msat: sent, at: this.now() })
    return { paid: true, preimage: entry.preimage, feesMsat: 0 }
  }

  async settleHold(preimage: string): Promise<'settled' | 'already-settled' | 'not-held'> {
    const paymentHash = bytesToHex(sha256(hexToBytes(preimage)))
    const held = this.book.get(paymentHash)
    if (held === undefined)
      return this.settled.has(paymentHash) ? 'already-settled' : 'not-held'
    this.book.taken(paymentHash)
    this.settle({ paymentHash, preimage, msat: held.msat, at: this.now() })
    this.answer(paymentHash, { paid: true, preimage, feesMsat: 0 })
    return 'settled'
  }

  async cancelHold(paymentHash: string): Promise<'cancelled' | 'already-settled' | 'unknown'> {
    if (this.settled.has(paymentHash))
      return 'already-settled'
    if (![...this.invoices.values()].some(entry => entry.paymentHash === paymentHash && entry.preimage === null))
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

  private answer(paymentHash: string, result: PayResult): void {
    const resolve = this.waiting.get(paymentHash)
    this.waiting.delete(paymentHash)
    resolve?.(result)
  }

  private hold(paymentHash: string, msat: number): Promise<PayResult> {
    return new Promise((resolve) => {
      this.waiting.set(paymentHash, resolve)
      this.book.arrived(paymentHash, msat, 0)
    })
  }

  private settle(payment: Received): void {
    this.settled.set(payment.paymentHash, payment)
    for (const listener of this.listeners)
      listener(payment)
  }

  received(paymentHash: string): Received | undefined {
    return this.settled.get(paymentHash)
  }

  onReceived(listener: (payment: Received) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.listeners.clear()
    this.book.clear()
  }
}

interface Parts { readonly key: Uint8Array, readonly amountMsat: number | null, readonly hash: Uint8Array, readonly secret: Uint8Array, readonly description: string, readonly hashed: boolean, readonly at: number, readonly expirySeconds: number }

const words = (value: number, length: number): number[] => Array.from({ length }, (_, at) => Math.floor(value / 32 ** (length - 1 - at)) % 32)
const wordsOf = (value: number): number[] => words(value, Math.max(1, Math.ceil(Math.log2(value + 1) / 5)))
const field = (letter: string, data: readonly number[]): number[] => [LETTERS.indexOf(letter), ...words(data.length, 2), ...data]
const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** BOLT11 on regtest: amounts in units of 100 msat where they fit (`n`), else of 0.1 msat (`p`). */
function sign({ key, amountMsat, hash, secret, description, hashed, at, expirySeconds }: Parts): string {
  const amount = amountMsat === null ? '' : amountMsat % 100 === 0 ? `${amountMsat / 100}n` : `${amountMsat * 10}p`
  const prefix = `lnbcrt${amount}`
  // Features 8 (var_onion_optin) and 14 (payment_secret), both required, as every wallet sets them today.
  const data = [...words(at, 7), ...field('p', bech32.toWords(hash)), ...field('s', bech32.toWords(secret)), ...(hashed ? field('h', bech32.toWords(sha256(utf8ToBytes(description)))) : field('d', bech32.toWords(utf8ToBytes(description)))), ...field('x', wordsOf(expirySeconds)), ...field('c', wordsOf(18)), ...field('9', [16, 8, 0])]
  const padded = [...data]
  while ((padded.length * 5) % 8 !== 0)
    padded.push(0)
  const bits = new Uint8Array(Math.ceil(data.length * 5 / 8))
  for (let bit = 0; bit < data.length * 5; bit += 1) {
    if (((data[Math.floor(bit / 5)] ?? 0) >> (4 - bit % 5)) & 1)
      bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (128 >> (bit & 7))
  }
  const digest = sha256(new Uint8Array([...utf8ToBytes(prefix), ...bits]))
  const recovered = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  const signature = new Uint8Array([...recovered.subarray(1), recovered[0] ?? 0])
  return bech32.encode(prefix, [...data, ...bech32.toWords(signature)], false)
}
