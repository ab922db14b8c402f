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

/** The first two hundred warm up and do not count. */
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
  const batches = Array.from({ length: Math.ceil(wraps.length / BATCH) }, (_, at) => wraps.slice(at * BATCH, (at + 1) * BATCH))
  const ask = (id: number, events: readonly NostrEvent[]): Promise<void> => new Promise((done, failed) => {
    answers.set(id, ({ outcomes }) => outcomes.every(({ ok }) => ok) ? done() : failed(new Error('a wrap of the bench was refused')))
    host({ type: 'open', id, events })
  })
  wraps.slice(0, 200).forEach(bareOne)
  const bare = await rate(wraps.length, async () => wraps.forEach(bareOne))
  await Promise.all(batches.slice(0, 8).map((batch, at) => ask(-1 - at, batch)))
  const worker = await rate(wraps.length, () => Promise.all(batches.map((batch, at) => ask(at, batch))))
  return { bare, worker }
}

async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(count / ((performance.now() - began) / 1000))
}
