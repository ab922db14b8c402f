import { createHash } from 'node:crypto'
import { initNostrWasm } from 'nostr-wasm'

interface SignedEvent { kind: number, created_at: number, tags: string[][], content: string, pubkey: string, id: string, sig: string }

const WORDS = ['amber', 'basil', 'cedar', 'drift', 'ember', 'fern', 'grove', 'honey', 'iris', 'juniper', 'kelp', 'linen', 'moss', 'north', 'olive', 'pine', 'quartz', 'reed', 'sage', 'thyme', 'umber', 'vale', 'willow', 'yarrow']
const KINDS = ['Food', 'Home', 'Prints', 'Garden', 'Leather', 'Books']
const word = (seed: number): string => WORDS[seed % WORDS.length] ?? 'plain'
const secretOf = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest())

/**
 * A large market of signed NIP-15 listings: one merchant a thousand products, ten stalls each; products of about 900 bytes,
 * the size that the peers publish. The same input gives the same events.
 */
export async function makeListings(products: number, newest: number): Promise<SignedEvent[]> {
  const wasm = await initNostrWasm()
  const events: SignedEvent[] = []
  const sign = (secret: Uint8Array, kind: number, at: number, tags: string[][], content: unknown): void => {
    const event: SignedEvent = { kind, created_at: at, tags, content: JSON.stringify(content), pubkey: '', id: '', sig: '' }
    wasm.finalizeEvent(event, secret)
    events.push(event)
  }
  for (let merchant = 0; merchant * 1000 < products; merchant++) {
    const secret = secretOf(`bench merchant ${merchant}`)
    for (let stall = 0; stall < 10; stall++) {
      const id = `stall-${merchant}-${stall}`
      sign(secret, 30017, newest - 20_000, [['d', id]], { id, name: `${word(merchant)} & ${word(stall)}`, description: 'A stall', currency: 'sat', shipping: [{ id: 'z1', name: 'Europe', cost: 1500, countries: ['Austria', 'Italy'] }] })
    }
    for (let index = 0; index < 1000 && merchant * 1000 + index < products; index++) {
      const id = `product-${merchant}-${index}`
      const text = Array.from({ length: 60 }, (_, at) => word(index * 7 + at * 5 + merchant)).join(' ')
      sign(secret, 30018, newest - 10_000 + (index * 10 + merchant) % 10_000, [['d', id], ['t', KINDS[index % KINDS.length] ?? 'Home']], {
        id, stall_id: `stall-${merchant}-${index % 10}`, name: `${word(index)} ${word(index >> 3)} no. ${merchant}-${index}`, description: text,
        images: [], currency: 'sat', price: 1000 + index * 10, quantity: 5, shipping: [{ id: 'z1', cost: 100 }],
      })
    }
  }
  return events
}
