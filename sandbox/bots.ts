import type { Line } from './bot'
import type { Relay } from './relay/relay'
import type { Account } from './wallet/till'
import type { Event } from '@nostr-relay/common'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { MerchantBot } from './bot'
import { STALLS } from './market/goods'
import { quoteFrom } from './market/quote'
import { secretOf } from './market/seed'

export type BotName = 'bruno' | 'chiyo'

interface Listing { readonly stall_id: string, readonly price: number, readonly quantity: number | null, readonly shipping: readonly { readonly id: string, readonly cost: number }[] }

/** The merchants whom nobody plays. They can be sent home, for a test that plays them itself. */
export class Bots {
  private working: readonly MerchantBot[] = []

  constructor(private readonly relay: Relay, private readonly accounts: Readonly<Record<BotName, Account>>, private readonly now: () => number) {}

  get on(): boolean {
    return this.working.length > 0
  }

  set(on: boolean): void {
    if (on === this.on)
      return
    for (const bot of this.working)
      bot.close()
    this.working = on ? (['bruno', 'chiyo'] as const).map(name => this.hire(name)) : []
  }

  private hire(name: BotName): MerchantBot {
    const { relay, now } = this
    const secret = secretOf(name)
    return new MerchantBot({
      secret,
      account: this.accounts[name],
      quote: quoteFrom(shelfOf(relay, name)),
      onSold: items => relay.publish(items.flatMap(item => sold(relay, name, item, now()))),
      relayUrl: relay.url,
      now,
      past: relay.find({ kinds: [4], authors: [getPublicKey(secret)] }),
    })
  }
}

const listed = (relay: Relay, name: BotName, productId: string): Event | undefined =>
  relay.find({ 'kinds': [30018], 'authors': [getPublicKey(secretOf(name))], '#d': [productId], 'limit': 1 })[0]

/** A bot's shelf is what its listings on the relay say now. */
function shelfOf(relay: Relay, name: BotName): Parameters<typeof quoteFrom>[0] {
  return (productId) => {
    const event = listed(relay, name, productId)
    const listing = event === undefined ? null : JSON.parse(event.content) as Listing
    const stall = STALLS.find(entry => entry.id === listing?.stall_id)
    return listing === null || stall === undefined ? undefined : { stall, price: listing.price, stock: listing.quantity, extra: Object.fromEntries(listing.shipping.map(({ id, cost }) => [id, cost])) }
  }
}

/** The listing once more with less in stock, as nostrmarket publishes it after each paid order. */
function sold(relay: Relay, name: BotName, item: Line, now: number): readonly Event[] {
  const event = listed(relay, name, item.product_id)
  const listing = event === undefined ? null : JSON.parse(event.content) as Listing
  if (event === undefined || listing === null || listing.quantity === null)
    return []
  const content = JSON.stringify({ ...listing, quantity: Math.max(0, listing.quantity - item.quantity) })
  return [finalizeEvent({ kind: 30018, created_at: Math.max(now, event.created_at + 1), tags: event.tags, content }, secretOf(name)) as Event]
}
