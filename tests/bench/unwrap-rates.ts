import { initNostrWasm } from 'nostr-wasm'
import { decrypt, getConversationKey } from 'nostr-tools/nip44'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { hostOpener } from '../../src/nostr/mail/open-host'
import type { FromOpener } from '../../src/nostr/mail/open-messages'
import { openSignatureCheck } from '../../src/nostr/verify'
import { MERCHANT } from './wraps'

/** Gift wraps a second, in one thread. */
export interface UnwrapRates {
  /** Key agreement, both decryptions and the seal's signature, with nothing around them. */
  readonly bare: number
  /** What a worker of the product does with a batch, from events to messages. */
  readonly worker: number
}

const BATCH = 24
const ROUNDS = 4
const PART = 200

/** The best of four rounds of two hundred each; the first of five warms up and does not count. @param wraps a thousand */
export async function measureUnwrapRates(wraps: readonly NostrEvent[]): Promise<UnwrapRates> {
  const wasm = await initNostrWasm()
  const keys = new Map<string, Uint8Array>()
  const bareOne = ({ pubkey, content }: NostrEvent): void => {
    const seal = JSON.parse(decrypt(content, getConversationKey(MERCHANT, pubkey))) as Parameters<typeof wasm.verifyEvent>[0]
    wasm.verifyEvent(seal)
    const key = keys.get(seal.pubkey) ?? getConversationKey(MERCHANT, seal.pubkey)
    keys.set(seal.pubkey, key)
    JSON.parse(decrypt(seal.content, key))
  }
  const answers = new Map<number, (answer: FromOpener) => void>()
  const host = hostOpener({ check: openSignatureCheck(), post: answer => answers.get(answer.id)?.(answer), end: () => undefined })
  host({ type: 'key', secret: new Uint8Array(MERCHANT) })
  const ask = (id: number, events: readonly NostrEvent[]): Promise<void> => new Promise((done, failed) => {
    answers.set(id, ({ outcomes }) => outcomes.every(({ ok }) => ok) ? done() : failed(new Error('a wrap of the bench was refused')))
    host({ type: 'open', id, events })
  })
  const rates: UnwrapRates[] = []
  // Side by side, so that whatever else the machine does meets both alike.
  for (let round = 0; round <= ROUNDS; round++) {
    const from = round * PART
    const part = wraps.slice(from, from + PART)
    const bare = await rate(part.length, async () => part.forEach(bareOne))
    const batches = Array.from({ length: Math.ceil(part.length / BATCH) }, (_, at) => part.slice(at * BATCH, (at + 1) * BATCH))
    const worker = await rate(part.length, () => Promise.all(batches.map((batch, at) => ask(from + at, batch))))
    rates.push({ bare, worker })
  }
  const best = (name: keyof UnwrapRates): number => Math.max(...rates.slice(1).map(one => one[name]))
  return { bare: best('bare'), worker: best('worker') }
}

async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(count / ((performance.now() - began) / 1000))
}
