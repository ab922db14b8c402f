/** Two people on a real relay with real wallets, each with a journal, an inbox and an outbox of their own. */
import type { Hex32, OrderKey } from '../../src/domain/brand'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { kinds } from '../../src/domain/protocol/event'
import type { Shelf } from '../../src/domain/order/pricing'
import type { Order } from '../../src/domain/order/types'
import { foldThreads } from './folded'
import { paymentHashOwners } from '../../src/domain/order/hash-owners'
import { deliver, type DeliverDeps } from '../../src/flows/deliver'
import { keepMessages } from '../../src/flows/keepMessages'
import { reachOf } from '../../src/flows/reach'
import { createMail } from '../../src/nostr/mail'
import { createRelayPool } from '../../src/nostr/relay-pool'
import { createLocalSigner } from '../../src/nostr/signers/local'
import { createVerifier } from '../../src/nostr/verifier'
import { createMemoryJournal } from '../../src/storage/memory'
import { readKeyText } from '../../src/storage/key-text'
import type { OrderMessage } from '../../src/domain/order/types'
import { openNodeSocket } from './real-sockets'
import { relayUrl } from './signed'
import { systemClock } from '../../src/nostr/system-clock'

/** Whoever `nsec` is, at this relay. Call `live` to let mail come in and go out. */
export function personAt(relay: string, nsec: string) {
  const key = readKeyText(nsec)
  if (key?.form !== 'secret')
    throw new TypeError('no key')
  const url = relayUrl(relay)
  const clock = systemClock
  const relays = createRelayPool({ verifier: createVerifier(), clock, openSocket: openNodeSocket })
  const port = { ...relays, authenticate: () => undefined }
  const signer = createLocalSigner(key.secret)
  const mail = createMail({ relays: port, clock, verifier: createVerifier() })
  const journal = createMemoryJournal({ now: clock.now })
  const messages = new Map<string, OrderMessage>()
  const life = new AbortController()
  journal.follow(entries => entries.forEach(({ message, replaces }) => {
    if (replaces !== undefined)
      messages.delete(replaces)
    messages.set(message.id, message)
  }))
  const deps: DeliverDeps = { journal, signer, mail, clock, relays: port, relaysFor: () => [url], reach: reachOf({ relays: port, clock, own: () => [url] }), seenOn: () => [], mayAsk: true }
  const orders = (): ReadonlyMap<OrderKey, Order> => foldThreads(messages.values(), { viewer: signer.pubkey }).orders

  return {
    deps,
    relays: port,
    messages,
    orders,
    ownerOf: (hash: Hex32) => paymentHashOwners(orders().values()).get(hash),
    receive(): void {
      mail.openInbox({ signer, relays: [url], since: null, known: ids => journal.has(ids), signal: life.signal, onSpoilt: () => undefined, onMessages: opened => void keepMessages({ journal, clock }, opened), onProgress: () => undefined })
    },
    /** One round of the outbox. */
    async post(): Promise<void> {
      for (const delivery of await journal.undelivered())
        await deliver(deps, delivery)
    },
    /** The market as this person's own relay has it. */
    async shelf(): Promise<Shelf> {
      const shelf = { products: new Map(), stalls: new Map() }
      await port.fetchAll({ relays: [url], filters: [{ kinds: [kinds.stall, kinds.product] }], signal: life.signal, onEvents(events) {
        for (const event of events.toSorted((a, b) => a.created_at - b.created_at)) {
          const listing = decodePublic(event, { loopbackImages: true })
          if (listing.ok && listing.value.type === 'product')
            shelf.products.set(listing.value.product.address, listing.value.product)
          else if (listing.ok && listing.value.type === 'stall')
            shelf.stalls.set(listing.value.stall.address, listing.value.stall)
        }
      } })
      return shelf
    },
    close(): void {
      life.abort()
      relays.close()
    },
  }
}

/** Waits until it holds; the last state is in the failure. */
export async function until<T>(look: () => T | undefined | false | null, what: string, ms = 8_000): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false && found !== null)
      return found
    if (Date.now() > end)
      throw new Error(`never came: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
