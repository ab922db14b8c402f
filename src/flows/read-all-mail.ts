import type { EventId, RelayUrl } from '../domain/brand'
import type { OrderMessage } from '../domain/order/types'
import { decodeContents } from '../domain/protocol/decode'
import type { OpenedMessage } from '../domain/protocol/event'
import type { Journal } from '../ports/journal'
import type { InboxProgress, Mail } from '../ports/mail'
import type { Signer } from '../ports/signer'

/** All messages of an account that relays have, opened, and kept nowhere. */
export interface Mailbag {
  readonly opened: ReadonlyMap<EventId, OpenedMessage>
  readonly messages: ReadonlyMap<EventId, OrderMessage>
  /** By the event that brought it: why nobody can read it. */
  readonly unreadable: ReadonlyMap<EventId, string>
  /** Events that need no opening again. */
  readonly done: ReadonlySet<EventId>
}

export const emptyMailbag = (): Mailbag => ({ opened: new Map(), messages: new Map(), unreadable: new Map(), done: new Set() })

interface ReadDeps { readonly mail: Mail, readonly signer: Signer, readonly relays: readonly RelayUrl[] }
interface ReadOptions {
  readonly signal: AbortSignal
  /** What an earlier reading brought: it is added to, so that nobody is asked twice for the same. */
  readonly bag: Mailbag
  readonly onProgress: (bag: Mailbag) => void
  readonly most?: number
}
export interface AllMail { readonly bag: Mailbag, readonly unopened: number, readonly mute: readonly RelayUrl[], readonly cut: boolean }

/** A page holds this much without trouble; whoever floods an account gets no further (T20). */
const MOST_MESSAGES = 50_000

/** null = cancelled. */
export function readAllMail({ mail, signer, relays }: ReadDeps, { signal, bag, onProgress, most = MOST_MESSAGES }: ReadOptions): Promise<AllMail | null> {
  const opened = new Map(bag.opened)
  const messages = new Map(bag.messages)
  const unreadable = new Map(bag.unreadable)
  const done = new Set(bag.done)
  const now: Mailbag = { opened, messages, unreadable, done }

  function take(one: OpenedMessage): void {
    const event = one.carrier ?? one.id
    done.add(event)
    const read = decodeContents(one)
    if (!read.ok) {
      unreadable.set(event, read.error.code)
      return
    }
    // By what they are known as in the journal: facts that we noted have names of their own.
    for (const message of read.value.messages) {
      opened.set(message.id, one)
      messages.set(message.id, message)
    }
    // It is shown as plain words, and was meant to be an order or an answer to one.
    if (read.value.chatReason === 'not-json' && /^\s*[{[]/.test(one.plaintext))
      unreadable.set(event, 'broken-json')
  }

  return new Promise((resolve) => {
    const reading = new AbortController()
    const last: { progress: InboxProgress | null } = { progress: null }
    const end = (result: AllMail | null): void => {
      reading.abort()
      resolve(result)
    }
    const cancel = (): void => end(null)
    const finish = (cut: boolean): void => end({ bag: now, unopened: last.progress?.unopened ?? 0, mute: last.progress?.muteRelays ?? [], cut })
    const changed = (): void => {
      if (reading.signal.aborted)
        return
      onProgress(now)
      if (done.size >= most)
        finish(true)
    }
    signal.addEventListener('abort', cancel, { once: true, signal: reading.signal })
    if (signal.aborted)
      return cancel()
    mail.openInbox({
      signer, relays, signal: reading.signal,
      since: null,
      known: async ids => new Set(ids.filter(id => done.has(id))),
      onMessages(batch) {
        batch.forEach(take)
        changed()
      },
      onSpoilt(id, reason) {
        done.add(id)
        unreadable.set(id, reason)
        changed()
      },
      onProgress(progress) {
        last.progress = progress
        if (progress.caughtUp && !reading.signal.aborted)
          finish(false)
      },
    })
  })
}

/** All that this device has; null when cancelled meanwhile. */
export function messagesHere(journal: Journal, signal: AbortSignal): Promise<readonly OrderMessage[] | null> {
  return new Promise((resolve) => {
    const all: OrderMessage[] = []
    const over = new AbortController()
    const stop = journal.follow(entries => all.push(...entries.map(({ message }) => message)), () => finish(all))
    function finish(result: readonly OrderMessage[] | null): void {
      over.abort()
      resolve(result)
      // The journal may still be in the middle of telling.
      queueMicrotask(() => stop())
    }
    signal.addEventListener('abort', () => finish(null), { once: true, signal: over.signal })
    if (signal.aborted)
      finish(null)
  })
}
