import type { Account } from './wallet/till'
import type { Event } from 'nostr-tools/core'
import type { EventId, Pubkey } from '../src/domain/brand'
import type { NostrEvent } from '../src/domain/protocol/event'
import type { OrderLine } from '../src/domain/order/types'
import type { About, Saying } from '../src/domain/protocol/saying'
import type { Signer } from '../src/ports/signer'
import { isSeconds, toMsat, toSeconds } from '../src/domain/brand'
import { decodeGamma } from '../src/domain/protocol/gamma-messages'
import { toRumor } from '../src/domain/protocol/gift-wrap'
import { lettersOf } from '../src/domain/protocol/letters'
import { openGiftWrap, wrapRumor } from '../src/nostr/nip59'
import { createLocalSigner } from '../src/nostr/signers/local'
import { checkInScript } from '../src/nostr/verify'
import { isByAddress } from './wallet/by-address'
import { RelayLink } from './wallet/relay-link'

const stumbled = (thrown: unknown): void => console.error('a bot stumbled:', thrown)

/** What an order costs in msat, or why it cannot be taken. */
export type GammaQuote = (items: readonly OrderLine[], zoneId: string) => { readonly msat: number } | { readonly refusal: string }

export interface GammaBotOptions {
  readonly secret: Uint8Array
  readonly account: Account
  readonly quote: GammaQuote
  /** Asks for nothing: waits until the address has been paid. */
  readonly prepaid: boolean
  /** Goods that were paid for leave the shelf. */
  readonly onSold: (items: readonly OrderLine[]) => void
  readonly relayUrl: string
  readonly now: () => number
  /** Wraps to this merchant, own copies among them: what was answered before. */
  readonly past: readonly Event[]
}

interface Sale extends About { readonly placed: EventId }

/** The same merchant in the Gamma dialect: reads gift wraps, and answers in them, to the shopper and to itself (gamma.md §4). */
export class GammaBot {
  private readonly signer: Signer
  private link: RelayLink | null = null
  private closed = false
  private readonly seen = new Set<string>()
  /** Whose order each invoice is for, by payment hash. */
  private readonly invoices = new Map<string, Sale>()
  /** A prepaid merchant's orders that nothing came in for yet, oldest first. */
  private open: readonly (Sale & { readonly msat: number })[] = []
  private readonly stop: () => void
  private readonly begin: number
  /** One after the other: seals and wraps are made in many steps. */
  private work: Promise<unknown>

  constructor(private readonly options: GammaBotOptions) {
    this.signer = createLocalSigner(options.secret)
    this.begin = options.now()
    this.stop = options.account.onSettled((payment) => {
      const sale = isByAddress(payment) ? this.matching(payment.receivedMsat ?? 0) : this.invoices.get(payment.paymentHash)
      if (sale === undefined)
        return
      this.then(() => this.say(sale, { say: 'status', change: 'paid', text: 'Payment received, thank you! We pack it next.', paid: true, shipped: false, pin: sale.placed }))
      options.onSold(sale.items)
    })
    this.work = this.begun().catch(stumbled)
  }

  close(): void {
    this.closed = true
    this.stop()
    this.link?.close()
    this.then(() => this.signer.close())
  }

  /** What was answered already, before a restart, is read before anything is heard. */
  private async begun(): Promise<void> {
    for (const event of this.options.past)
      await this.read(event, true)
    if (!this.closed)
      this.link = new RelayLink(this.options.relayUrl, [{ 'kinds': [1059], '#p': [this.signer.pubkey] }], event => this.then(() => this.read(event, false)), () => undefined)
  }

  private then(step: () => unknown): void {
    this.work = this.work.then(step).catch(stumbled)
  }

  private async read(event: Event, past: boolean): Promise<void> {
    const opened = this.closed ? null : await openGiftWrap(event as unknown as NostrEvent, this.signer, async seal => checkInScript(seal) === 'ok')
    if (opened === null || !opened.ok || opened.value.transport === 'nip04')
      return
    const { author, receiver, sentAt } = opened.value
    const decoded = decodeGamma(opened.value)
    const message = decoded.ok ? decoded.value.message : null
    if (message === null)
      return
    // Our own word to a shopper, said here or by a person who plays this merchant.
    if (author === this.signer.pubkey) {
      if ('orderId' in message)
        this.seen.add(`${receiver}:${message.orderId}`)
    }
    else if (message.type === 'order' && !past && sentAt > this.begin - 3600 && !this.seen.has(`${author}:${message.orderId}`)) {
      this.seen.add(`${author}:${message.orderId}`)
      await this.answer({ orderId: message.orderId, shopper: author, merchant: this.signer.pubkey, items: message.items, placed: message.id }, message.zoneId)
    }
  }

  private async answer(sale: Sale, zoneId: string): Promise<void> {
    const quote = this.options.quote(sale.items, zoneId)
    if ('refusal' in quote)
      return this.say(sale, { say: 'refusal', text: quote.refusal, pin: sale.placed })
    if (this.options.prepaid) {
      this.open = [...this.open, { ...sale, msat: quote.msat }]
      return
    }
    const { orderId, shopper } = sale
    const made = await this.options.account.makeInvoice(quote.msat, `Order ${orderId.slice(0, 8)} for ${shopper.slice(0, 8)}`, 3600, { order_id: orderId })
    this.invoices.set(made.paymentHash, sale)
    const expiresAt = isSeconds(made.expiresAt) ? made.expiresAt : null
    await this.say(sale, { say: 'request', msat: toMsat(quote.msat), options: [{ type: 'ln', label: 'lightning', link: made.bolt11 }], text: `Your order comes to ${quote.msat / 1000} sat.`, pin: sale.placed, zoneId, expiresAt })
  }

  /** What comes in by an address names no order: the oldest open one of exactly that amount is taken to be meant, as a person would. */
  private matching(msat: number): Sale | undefined {
    const sale = this.options.prepaid ? this.open.find(one => one.msat === msat) : undefined
    this.open = this.open.filter(one => one !== sale)
    return sale
  }

  private async say(about: About, saying: Saying): Promise<void> {
    const letters = lettersOf('gamma', about, saying)
    if (!letters.ok)
      throw new Error(`nothing to say: ${letters.error.code}`)
    for (const letter of letters.value) {
      if (letter.transport === 'nip59')
        await this.post(toRumor(letter.template, this.signer.pubkey, toSeconds(this.options.now())), about.shopper)
    }
  }

  private async post(rumor: ReturnType<typeof toRumor>, shopper: Pubkey): Promise<void> {
    for (const reader of [this.signer.pubkey, shopper]) {
      const wrap = await wrapRumor(rumor, reader, this.signer, toSeconds(this.options.now()), Math.random)
      if (!wrap.ok)
        throw new Error(`not wrapped: ${wrap.error.code}`)
      this.link?.publish({ ...wrap.value, tags: wrap.value.tags.map(tag => [...tag]) })
    }
  }
}
