import type { Account } from './wallet/till'
import type { Event } from 'nostr-tools/core'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { RelayLink } from './wallet/relay-link'

export interface Line { readonly product_id: string, readonly quantity: number }
interface PlacedOrder { readonly type: number, readonly id: string, readonly items: readonly Line[], readonly shipping_id?: string }
/** What an order costs in msat, or why it cannot be taken. */
export type Quote = (items: readonly Line[], zoneId: string) => { readonly msat: number } | { readonly refusal: string }

export interface BotOptions {
  readonly secret: Uint8Array
  readonly account: Account
  readonly quote: Quote
  /** Goods that were paid for leave the shelf. */
  readonly onSold: (items: readonly Line[]) => void
  readonly relayUrl: string
  readonly now: () => number
  /** What the merchant answered before. */
  readonly past: readonly Event[]
}

/** Plays a merchant whom nobody plays: answers orders with real invoices and says when they were paid, as nostrmarket does. */
export class MerchantBot {
  private readonly link: RelayLink
  private readonly me: string
  private readonly seen = new Set<string>()
  /** Whose order each invoice is for, by payment hash. */
  private readonly invoices = new Map<string, { readonly shopper: string, readonly order: PlacedOrder }>()
  private readonly stop: () => void

  constructor(private readonly options: BotOptions) {
    const { secret, account, relayUrl, now, past, onSold } = options
    for (const answer of past)
      this.remember(answer)
    this.me = getPublicKey(secret)
    const orders = { 'kinds': [4], '#p': [this.me], 'since': now() - 3600 }
    const answers = { kinds: [4], authors: [this.me], since: now() - 3600 }
    this.link = new RelayLink(relayUrl, [orders, answers], event => (event.pubkey === this.me ? this.remember(event) : void this.onMessage(event)), () => undefined)
    this.stop = account.onSettled((transaction) => {
      const sale = this.invoices.get(transaction.paymentHash)
      if (sale === undefined)
        return
      this.say(sale.shopper, { type: 2, id: sale.order.id, message: 'Payment received, thank you! We pack it next.', paid: true, shipped: false })
      onSold(sale.order.items)
    })
  }

  close(): void {
    this.stop()
    this.link.close()
  }

  private async onMessage(event: Event): Promise<void> {
    const order = this.read(event)
    if (order === null || this.seen.has(`${event.pubkey}:${order.id}`))
      return
    this.seen.add(`${event.pubkey}:${order.id}`)
    const quote = this.options.quote(order.items, order.shipping_id ?? '')
    if ('refusal' in quote)
      return this.say(event.pubkey, { type: 1, id: order.id, message: quote.refusal, payment_options: [] })
    const made = await this.options.account.makeInvoice(quote.msat, `Order ${order.id.slice(0, 8)} for ${event.pubkey.slice(0, 8)}`, 3600, { order_id: order.id })
    this.invoices.set(made.paymentHash, { shopper: event.pubkey, order })
    this.say(event.pubkey, { type: 1, id: order.id, message: `Your order comes to ${quote.msat / 1000} sat.`, payment_options: [{ type: 'ln', link: made.bolt11 }] })
  }

  /** What was answered already, before a restart or by a person who plays this merchant, is not answered again. */
  private remember(answer: Event): void {
    const shopper = answer.tags.find(([name]) => name === 'p')?.[1] ?? ''
    this.seen.add(`${shopper}:${this.open(answer.content, shopper)?.id ?? ''}`)
  }

  private read(event: Event): PlacedOrder | null {
    const value = this.open(event.content, event.pubkey)
    return value?.type === 0 && typeof value.id === 'string' && Array.isArray(value.items) ? value as PlacedOrder : null
  }

  /** null: not for us, or no JSON object. */
  private open(content: string, other: string): Partial<PlacedOrder> | null {
    try {
      const value: unknown = JSON.parse(decrypt(this.options.secret, other, content))
      return typeof value === 'object' ? value : null
    }
    catch {
      return null
    }
  }

  private say(to: string, body: object): void {
    const { secret, now } = this.options
    this.link.publish(finalizeEvent({ kind: 4, created_at: now(), tags: [['p', to]], content: encrypt(secret, to, JSON.stringify(body)) }, secret))
  }
}
