/** A device of one party without relays: events go through the same doors as from the network, in the batches a test asks for. */
import { createVerifier } from '../../src/nostr/verifier'
import type { OrderKey, Seconds } from '../../src/domain/brand'
import { indexOf } from '../../src/domain/order/thread-index'
import { messagesOfOrder, orderOf, ownerOf } from '../../src/domain/order/thread-order'
import type { Order, OrderMessage } from '../../src/domain/order/types'
import type { NostrEvent, OpenedMessage } from '../../src/domain/protocol/event'
import { keepMessages } from '../../src/flows/keepMessages'
import { messagesHere } from '../../src/flows/read-all-mail'
import { readOrder } from '../../src/flows/read-order'
import { readLetter } from '../../src/nostr/mail/open-letter'
import { createLocalSigner } from '../../src/nostr/signers/local'
import type { Journal } from '../../src/ports/journal'
import { createMemoryJournal } from '../../src/storage/memory'
import { pickSnapshot } from '../../src/stores/order-snapshot'
import type { Person } from './signed'

const verifier = createVerifier()

export function deviceOf({ secret, pubkey }: Person, now: () => Seconds, journal: Journal = createMemoryJournal({ now })) {
  const signer = createLocalSigner(secret.slice())
  const refused: string[] = []

  /** One batch: verified, opened, decoded and kept. */
  async function take(events: readonly NostrEvent[]): Promise<void> {
    const verified = await verifier.verify(events)
    const opened: OpenedMessage[] = []
    for (const [i, event] of events.entries()) {
      const letter = verified[i]?.ok === true ? readLetter(event, pubkey) : null
      const read = letter?.ok === true ? await letter.value.open(signer, async seal => (await verifier.verify([seal]))[0]?.ok === true) : letter
      if (read === null || !read.ok) {
        refused.push(read?.error.code ?? 'signature')
        await journal.noteCarriers([{ id: event.id, at: now(), spoilt: read?.error.code ?? 'signature' }])
      }
      else {
        opened.push(read.value)
      }
    }
    const kept = await keepMessages({ journal, clock: { now } }, opened)
    if (!kept.ok)
      throw new TypeError(kept.error.code)
    for (const [reason, count] of Object.entries(kept.value.refused))
      refused.push(...Array.from({ length: count }, () => reason))
  }

  const messages = async (): Promise<readonly OrderMessage[]> => await messagesHere(journal, new AbortController().signal) ?? []

  return {
    journal, refused, take, messages,
    /** As the list and the order's page have it. */
    async order(key: OrderKey): Promise<Order | undefined> {
      const index = indexOf(await messages(), pubkey)
      return orderOf(index, ownerOf(index, key))
    },
    /** As every act reads it before it speaks. */
    async read(key: OrderKey): Promise<Order | undefined> {
      const read = await readOrder({ journal }, key, pubkey)
      return read.ok ? read.value.order : undefined
    },
    /** As the first screen shows it after a reload. */
    async remembered(key: OrderKey): Promise<Order | undefined> {
      const index = indexOf(await messages(), pubkey)
      const orders = [...index.threads.keys()].map(one => orderOf(index, one)).filter(order => order !== undefined)
      const picked: readonly OrderMessage[] = JSON.parse(JSON.stringify(pickSnapshot(orders, one => messagesOfOrder(index, one))))
      const again = indexOf(picked, pubkey)
      return orderOf(again, ownerOf(again, key))
    },
  }
}
export type Device = ReturnType<typeof deviceOf>
