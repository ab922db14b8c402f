import type { Pubkey, RelayUrl } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { tagValue } from '../../domain/protocol/event-shape'
import type { RemoteAnswer, RemoteMethod } from '../../domain/protocol/nip46-messages'
import { authLink, readRemoteAnswer, writeRemoteRequest } from '../../domain/protocol/nip46-messages'
import type { Clock } from '../../ports/clock'
import type { Relays } from '../../ports/relays'
import type { RemotePresence, Signer } from '../../ports/signer'
import { createSeen } from '../seen'
import type { Asked } from './nip46-presence'
import { keepPresence } from './nip46-presence'

export interface LineOptions {
  /** Our own key towards the signer. Closed with the line. */
  readonly key: Signer
  readonly remote: Pubkey
  readonly relays: readonly RelayUrl[]
  readonly port: Relays
  readonly clock: Clock
}

export type RemoteReply =
  | { readonly type: 'result', readonly result: unknown }
  | { readonly type: 'error', readonly words: string }
  | { readonly type: 'none', readonly reason: 'time' | 'silent' | 'closed' | 'too-long' }

export interface RemoteAsk {
  readonly timeoutMs?: number
  /** Reading what came can wait, and never keeps what somebody just did waiting. */
  readonly reading?: boolean
  readonly signal?: AbortSignal
  readonly onLink?: (url: string) => void
}

export interface RemoteLine {
  readonly presence: RemotePresence
  ask(method: RemoteMethod, params: readonly string[], ask?: RemoteAsk): Promise<RemoteReply>
  relays(): readonly RelayUrl[]
  moveTo(relays: readonly RelayUrl[]): void
  close(): void
}

/** A person may have to take their phone in hand. */
const ANSWER_MS = 60_000
/** Whoever has to sign in somewhere first. */
const LINK_MS = 300_000
const PING_MS = 8_000
const READY_MS = 4_000
/** Waits before a request is sent again that no relay has taken. */
const REPEAT_MS = [1_500, 3_000, 6_000, 12_000]
/** Requests on their way at once, of each sort: each may be a window on somebody's phone. */
const AT_ONCE = 3
/** Ciphertext of more is not opened: what we ask for fits many times. */
const MOST_CIPHERTEXT = 512 * 1024
/** Signers' clocks may lag behind ours. */
const BACK_SECONDS = 120

/** Nobody waits for their answers. */
const SMALL_TALK: readonly RemoteMethod[] = ['ping', 'switch_relays', 'logout']

type Entry = Asked & { readonly tell: (reply: RemoteReply) => void, extend: () => void, readonly onLink: (url: string) => void }

/** A way to one remote signer: questions over the Relays port, answers matched by author and id (NIP-46). Listens from the first question on. */
export function openRemoteLine({ key, remote, relays: first, port, clock }: LineOptions): RemoteLine {
  const life = new AbortController()
  const entries = new Map<string, Entry>()
  const issued = createSeen(2_000)
  const presence = keepPresence({ clock, signal: life.signal, knock: async () => (await send('ping', [], { timeoutMs: PING_MS })).type !== 'none' })
  let relays = first
  let listening: AbortController | null = null
  let ready: Promise<void> = Promise.resolve()

  async function hear(event: NostrEvent): Promise<void> {
    if (event.pubkey !== remote || event.kind !== kinds.remoteSigner || tagValue(event, 'p') !== key.pubkey || event.content.length > MOST_CIPHERTEXT)
      return
    const text = await openAnswer(key, event)
    const answer = text === null ? null : readRemoteAnswer(text)
    if (answer === null || life.signal.aborted)
      return
    // Relays may keep what they need not: an answer to a former page is no sign of life.
    if (issued.has(answer.id))
      presence.heard()
    settle(answer)
  }

  /** An answer that nobody waits for is late, or there for the second time. */
  function settle(answer: RemoteAnswer): void {
    const entry = entries.get(answer.id)
    if (entry === undefined)
      return
    if (answer.result === 'auth_url') {
      const link = authLink(answer)
      if (link !== null && link !== entry.link) {
        entry.link = link
        entry.extend()
        entry.onLink(link)
        presence.changed()
      }
      return
    }
    entry.tell(answer.error !== '' ? { type: 'error', words: answer.error } : { type: 'result', result: answer.result })
  }

  /** Listening before anything is asked: answers are not kept by relays. */
  function listen(): Promise<void> {
    if (listening !== null)
      return ready
    const own = new AbortController()
    listening = own
    const signal = AbortSignal.any([own.signal, life.signal])
    ready = new Promise((resolve) => {
      port.subscribe({
        relays,
        filters: [{ 'kinds': [kinds.remoteSigner], 'authors': [remote], '#p': [key.pubkey], 'since': Math.max(0, clock.now() - BACK_SECONDS) }],
        signal,
        onEvents: events => events.forEach(event => void hear(event)),
        onStored: () => resolve(),
      })
      void clock.sleep(READY_MS, signal).then(resolve)
    })
    return ready
  }

  /** The very same event until a relay takes it: a signer acts on an id once. */
  async function deliver(event: NostrEvent, over: AbortSignal): Promise<void> {
    for (const wait of REPEAT_MS) {
      const answers = await port.publish(event, relays)
      if (over.aborted || answers.some(({ outcome }) => outcome === 'stored'))
        return
      await clock.sleep(wait, over)
      if (over.aborted)
        return
    }
    await port.publish(event, relays)
  }

  async function send(method: RemoteMethod, params: readonly string[], { timeoutMs = ANSWER_MS, signal, onLink }: RemoteAsk): Promise<RemoteReply> {
    const id = clock.newId()
    issued.add(id)
    const sealed = await key.nip44Encrypt(remote, writeRemoteRequest(id, method, params))
    if (!sealed.ok)
      return { type: 'none', reason: sealed.error.code === 'locked' ? 'closed' : 'too-long' }
    await listen()
    const event = await key.sign({ kind: kinds.remoteSigner, created_at: clock.now(), tags: [['p', remote]], content: sealed.value })
    if (!event.ok || signal?.aborted)
      return { type: 'none', reason: 'closed' }
    const over = new AbortController()
    let extended = false
    let tell: (reply: RemoteReply) => void = () => undefined
    const own: Entry = { since: clock.now(), link: null, heardBefore: 0, tell: reply => tell(reply), extend: () => { extended = true }, onLink: url => onLink?.(url) }
    const reply = await new Promise<RemoteReply>((resolve) => {
      tell = resolve
      entries.set(id, own)
      if (!SMALL_TALK.includes(method))
        presence.began(own)
      const stop = () => resolve({ type: 'none', reason: 'closed' })
      signal?.addEventListener('abort', stop, { once: true, signal: over.signal })
      life.signal.addEventListener('abort', stop, { once: true, signal: over.signal })
      void clock.sleep(timeoutMs, over.signal)
        .then(() => extended ? clock.sleep(LINK_MS, over.signal) : undefined)
        .then(() => resolve({ type: 'none', reason: 'time' }))
      void deliver(event.value, over.signal)
    })
    over.abort()
    entries.delete(id)
    // Many signers never answer a method that they do not know.
    if (reply.type === 'none' && reply.reason === 'time' && !SMALL_TALK.includes(method))
      presence.unheard(own)
    presence.ended(own)
    return reply
  }

  const lanes = { reading: lane(AT_ONCE), acting: lane(AT_ONCE) }

  return {
    presence: presence.port,
    async ask(method, params, ask = {}) {
      const { enter, leave } = ask.reading ? lanes.reading : lanes.acting
      await enter()
      try {
        if (life.signal.aborted)
          return { type: 'none', reason: 'closed' }
        // Nobody waits a minute for each of a thousand messages: those wait for a sign of life. What somebody just did asks for one.
        if (presence.silent() && (ask.reading || !await presence.revive()))
          return { type: 'none', reason: 'silent' }
        return await send(method, params, ask)
      }
      finally {
        leave()
      }
    },
    relays: () => relays,
    moveTo(next) {
      relays = next
      listening?.abort()
      listening = null
    },
    close() {
      life.abort()
      key.close()
    },
  }
}

/** NIP-44, or NIP-04 as signers of former years answer. `null`: neither opens it. */
export async function openAnswer(key: Signer, event: NostrEvent): Promise<string | null> {
  const opened = event.content.includes('?iv=') ? await key.nip04Decrypt(event.pubkey, event.content) : await key.nip44Decrypt(event.pubkey, event.content)
  return opened.ok ? opened.value : null
}

/** So many at once; the others wait in the order they came. */
function lane(most: number): { readonly enter: () => Promise<void>, readonly leave: () => void } {
  const queue: (() => void)[] = []
  let busy = 0
  return {
    async enter() {
      if (busy < most)
        busy++
      else
        await new Promise<void>((go) => { queue.push(go) })
    },
    leave() {
      const next = queue.shift()
      if (next)
        next()
      else
        busy--
    },
  }
}
