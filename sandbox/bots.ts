import type { Relay } from './relay/relay'
import type { Account } from './wallet/till'
import type { Event } from '@nostr-relay/common'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { MerchantBot } from './bot'
import { GammaBot } from './gamma-bot'
import { gammaQuoteFrom } from './market/gamma-quote'
import { STALLS } from './market/goods'
import { isPrepaid } from './market/prepaid'
import { quoteFrom } from './market/quote'
import { secretOf } from './market/seed'

/** Those of both dialects, and those who read gift wraps alone. */
const BOTH = ['bruno', 'chiyo'] as const
const GAMMA_ONLY = ['dario', 'esma'] as const
export type BotName = typeof BOTH[number] | typeof GAMMA_ONLY[number]

interface Listing { readonly stall_id: string, readonly price: number, readonly quantity: number | null, readonly shipping: readonly { readonly id: string, readonly cost: number }[] }

/** The merchants whom nobody plays. They can be sent home, for a test that plays them itself. */
export class Bots {
  private working: readonly (MerchantBot | GammaBot)[] = []

  constructor(private readonly relay: Relay, private readonly accounts: Readonly<Record<BotName, Account>>, private readonly now: () => number) {}

  get on(): boolean {
    return this.working.length > 0
  }

  set(on: boolean): void {
    if (on === this.on)
      return
    for (const bot of this.working)
      bot.close()
    this.working = on ? [...BOTH.map(name => this.hire(name)), ...[...BOTH, ...GAMMA_ONLY].map(name => this.hireForWraps(name))] : []
  }

  private hire(name: BotName): MerchantBot {
    const { relay, now } = this
    const secret = secretOf(name)
    return new MerchantBot({
      secret,
      account: this.accounts[name],
      quote: quoteFrom(shelfOf(relay, name)),
      onSold: items => this.sold(name, items.map(({ product_id: id, quantity }) => ({ id, quantity }))),
      relayUrl: relay.url,
      now,
      past: relay.find({ kinds: [4], authors: [getPublicKey(secret)] }),
    })
  }

  private hireForWraps(name: BotName): GammaBot {
    const { relay, now } = this
    const secret = secretOf(name)
    const me = getPublicKey(secret)
    return new GammaBot({
      secret,
      account: this.accounts[name],
      prepaid: isPrepaid(name),
      quote: gammaQuoteFrom(relay.find, me),
      onSold: items => this.sold(name, items.map(({ productId: id, quantity }) => ({ id, quantity }))),
      relayUrl: relay.url,
      now,
      past: relay.find({ 'kinds': [1059], '#p': [me] }),
    })
  }

  private sold(name: BotName, items: readonly Sold[]): void {
    this.relay.publish(items.flatMap(item => lessOf(this.relay, name, item, this.now())))
  }
}

const listed = (relay: Relay, name: BotName, kind: 30018 | 30402, productId: string): Event | undefined =>
  relay.find({ 'kinds': [kind], 'authors': [getPublicKey(secretOf(name))], '#d': [productId], 'limit': 1 })[0]

/** A bot's shelf is what its listings on the relay say now. */
function shelfOf(relay: Relay, name: BotName): Parameters<typeof quoteFrom>[0] {
  return (productId) => {
    const event = listed(relay, name, 30018, productId)
    const listing = event === undefined ? null : JSON.parse(event.content) as Listing
    const stall = STALLS.find(entry => entry.id === listing?.stall_id)
    return listing === null || stall === undefined ? undefined : { stall, price: listing.price, stock: listing.quantity, extra: Object.fromEntries(listing.shipping.map(({ id, cost }) => [id, cost])) }
  }
}

interface Sold { readonly id: string, readonly quantity: number }

/**
 * The listing once more with less in stock, as nostrmarket publishes it after each paid order; where it stands in both
 * dialects both of one time, so that they stay one thing.
 */
function lessOf(relay: Relay, name: BotName, { id, quantity }: Sold, now: number): readonly Event[] {
  const old = listed(relay, name, 30018, id)
  const gamma = listed(relay, name, 30402, id)
  const at = Math.max(now, ...[old, gamma].map(event => (event?.created_at ?? 0) + 1))
  const sign = (kind: number, tags: string[][], content: string): Event => finalizeEvent({ kind, created_at: at, tags, content }, secretOf(name)) as Event
  const listing = old === undefined ? null : JSON.parse(old.content) as Listing
  const stock = gamma?.tags.find(([tag]) => tag === 'stock')?.[1]
  return [
    ...(old === undefined || listing === null || listing.quantity === null ? [] : [sign(30018, old.tags, JSON.stringify({ ...listing, quantity: Math.max(0, listing.quantity - quantity) }))]),
    ...(gamma === undefined || stock === undefined ? [] : [sign(30402, gamma.tags.map(tag => (tag[0] === 'stock' ? ['stock', String(Math.max(0, Number(stock) - quantity))] : tag)), gamma.content)]),
  ]
}
