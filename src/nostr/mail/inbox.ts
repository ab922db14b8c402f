import type { RelayUrl, Seconds } from '../../domain/brand'
import { toSeconds } from '../../domain/brand'
import type { Filter, NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { wrapSince } from '../../domain/protocol/relay-list'
import type { Clock } from '../../ports/clock'
import type { Inbox, Mail } from '../../ports/mail'
import type { Relays, Verifier } from '../../ports/relays'
import { createSeen } from '../seen'
import { fetchMissing } from './missing'
import { readLetter, spoiltOf, type Letter } from './open-letter'
import { createOpener } from './opener'

type InboxOptions = Parameters<Mail['openInbox']>[0] & { readonly port: Relays, readonly clock: Clock, readonly verifier: Verifier }

/** Relays may get a message late; kind 4 is never back-dated by more. */
const MARGIN_SECONDS = 24 * 3600
/** Clocks differ: what is published now may bear a time that lies behind ours. */
const LIVE_SECONDS = 15 * 60
/** After a relay was away, or stopped half-way, its history is read again; not more often than this. */
const AGAIN_MS = 5_000
const MOST_FAILURES = 4
const SIGNED = [kinds.directMessage, kinds.chat, kinds.order, kinds.receipt]

/**
 * Private messages to and from one account (kind 4, gift wraps, and what Plebeian signs in the open), from each relay by itself: first a live subscription, so that nothing falls in between,
 * then the history in pages. Newest first to the signer, which may be slow, or ask the person each time.
 */
export function readInbox({ port, clock, verifier, signer, relays, since, known, held, signal, mayAsk = 'all', onMessages, onSpoilt, onProgress }: InboxOptions): Inbox {
  const me = signer.pubkey
  const taken = createSeen(200_000)
  const mute = new Set<RelayUrl>()
  const reading = new Set<RelayUrl>(relays)
  let refused = 0
  let telling = false
  /** There was no room for some: they are fetched again when there is. */
  let overflowed = false

  const opener = createOpener({ signer, verifier, clock, signal, mayAsk, onMessages, onSpoilt, onChange: tell, onOverflow({ event }) {
    overflowed = true
    taken.forget(event.id)
  } })

  function tell(): void {
    if (telling || signal.aborted)
      return
    telling = true
    // Once for all that happens together.
    setTimeout(() => {
      telling = false
      if (signal.aborted)
        return
      const { unopened, opening, held } = opener.progress()
      if (overflowed && unopened === 0 && reading.size === 0 && opener.idle())
        readAgain()
      onProgress({ caughtUp: reading.size === 0 && opener.idle() && !overflowed, unopened, opening, held, refused: refused + opener.refused(), muteRelays: relays.filter(isMute) })
    }, 20)
  }

  /** It closed the question, or has asked who we are and was not told: it may keep messages back without a word (transport.md §3). */
  function isMute(relay: RelayUrl): boolean {
    const auth = port.statuses().find(({ url }) => url === relay)?.auth
    return mute.has(relay) || auth === 'needed' || auth === 'refused'
  }

  const wraps: Filter = { 'kinds': [kinds.giftWrap], '#p': [me] }
  const filtersFrom = (from: number | null): readonly Filter[] => {
    const bound = from === null ? {} : { since: Math.max(0, from) }
    return [
      { 'kinds': SIGNED, '#p': [me], ...bound },
      { kinds: SIGNED, authors: [me], ...bound },
      // A wrap bears any time of the days before it was made.
      { ...wraps, ...from === null ? {} : { since: wrapSince(toSeconds(Math.max(0, from))) } },
    ]
  }

  async function take(events: readonly NostrEvent[]): Promise<void> {
    const fresh = events.filter(({ id }) => !taken.has(id))
    fresh.forEach(({ id }) => taken.add(id))
    // Opened once more, where that cannot be told: what is here already is not kept twice.
    const had = fresh.length > 0 ? await known(fresh.map(({ id }) => id)).catch(() => new Set()) : new Set()
    if (signal.aborted)
      return
    const letters: Letter[] = []
    for (const event of fresh.filter(({ id }) => !had.has(id))) {
      const letter = readLetter(event, me)
      if (letter.ok) {
        letters.push(letter.value)
      }
      else {
        refused++
        onSpoilt(event.id, letter.error.code, spoiltOf(event))
      }
    }
    opener.open(letters)
    tell()
  }

  /** The history of one relay, until it was complete once; then again after each time that the relay was away. */
  async function readHistory(relay: RelayUrl, from: number | null): Promise<boolean> {
    const taking: Promise<void>[] = []
    const fetch = (filters: readonly Filter[]) => port.fetchAll({ relays: [relay], filters, signal, onEvents: (events) => { taking.push(take(events)) } })
    try {
      const compared = from !== null && held !== undefined && await fetchMissing({ port, relay, filter: wraps, held, known, signal, fetch })
      const answer = await fetch(compared ? filtersFrom(from).filter(filter => filter.kinds !== wraps.kinds) : filtersFrom(from))
      await Promise.all(taking)
      return answer.complete.length > 0
    }
    catch {
      // As if it had not answered: it is asked again.
      return false
    }
    finally {
      reading.delete(relay)
      tell()
    }
  }

  /** Returns what reads it anew from the beginning. */
  function follow(relay: RelayUrl): () => void {
    const start = clock.now()
    const first = since === null ? null : since - MARGIN_SECONDS
    let from: number | null = first
    let anew = false
    let busy = false
    let again = true
    let answers = false
    let whole = false
    let failures = 0

    async function catchUp(): Promise<void> {
      if (busy) {
        again = true
        return
      }
      busy = true
      while (again && !signal.aborted) {
        again = false
        if (anew)
          from = first
        anew = false
        const began: Seconds = clock.now()
        whole = await readHistory(relay, from)
        if (whole)
          from = began - MARGIN_SECONDS
        else if (answers && !mute.has(relay) && ++failures < MOST_FAILURES)
          again = true
        if (again)
          await clock.sleep(AGAIN_MS, signal)
      }
      busy = false
    }

    let firstAnswer = true
    port.subscribe({
      relays: [relay],
      filters: filtersFrom(start - LIVE_SECONDS),
      signal,
      onEvents: (events) => { void take(events) },
      onStored(_, complete) {
        answers = complete
        if (complete)
          mute.delete(relay)
        // Asked again after a reconnection, or after AUTH, or reached only now: there may be more to read than before.
        if (complete && (!firstAnswer || (!busy && !whole))) {
          again = true
          void catchUp()
        }
        firstAnswer = false
        tell()
      },
      onClosed(_, reason) {
        if (reason === 'auth-needed')
          mute.add(relay)
        tell()
      },
    })
    void catchUp()
    return () => {
      anew = true
      again = true
      reading.add(relay)
      void catchUp()
    }
  }

  function readAgain(): void {
    overflowed = false
    readAnew.forEach(read => read())
  }

  signal.addEventListener('abort', port.onStatus(tell), { once: true })
  const readAnew = relays.map(follow)
  tell()
  return {
    fetchAgain(ids) {
      ids.forEach(taken.forget)
      readAgain()
      tell()
    },
    openWaiting: opener.resume,
    askAgain: opener.askAgain,
    pauseOpening: opener.pause,
  }
}
