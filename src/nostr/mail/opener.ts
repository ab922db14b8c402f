import type { EventId } from '../../domain/brand'
import type { OpenedMessage } from '../../domain/protocol/event'
import type { Verifier } from '../../ports/relays'
import type { Signer } from '../../ports/signer'
import type { SpoiltLetter } from '../../ports/mail'
import { spoiltOf, type Letter } from './open-letter'

/** Hands letters to the signer, newest first, a few at a time, and what was in them on. */
export interface Opener {
  open(letter: Letter): void
  idle(): boolean
  /** The signer would not or could not: declined, locked, away. */
  unopened(): number
  /** Nobody could read them: no proper ciphertext, or none for us. */
  refused(): number
}

interface Parts {
  readonly signer: Signer
  readonly verifier: Verifier
  readonly signal: AbortSignal
  readonly onMessages: (messages: readonly OpenedMessage[]) => void
  /** Nobody will ever read that event. */
  readonly onSpoilt: (id: EventId, reason: string, what: SpoiltLetter) => void
  readonly onChange: () => void
}

/** Each may be a window of an extension, or a round trip (transport.md §10). */
const AT_ONCE = 4
/** A local key works in this thread: it gives way before anybody notices. */
const SLICE_MS = 8
const GATHER_MS = 30

export function createOpener({ signer, verifier, signal, onMessages, onSpoilt, onChange }: Parts): Opener {
  let waiting: Letter[] = []
  let sorted = true
  let working = 0
  let unopened = 0
  let refused = 0
  let stopped = false
  let opened: OpenedMessage[] = []
  let gathering: ReturnType<typeof setTimeout> | undefined
  let starting: ReturnType<typeof setTimeout> | undefined
  let sliceEnd = 0

  function hand(): void {
    clearTimeout(gathering)
    gathering = undefined
    const messages = opened
    opened = []
    if (messages.length > 0 && !signal.aborted)
      onMessages(messages)
    onChange()
  }

  /** The newest is at the end. */
  function next(): Letter | undefined {
    if (!sorted)
      waiting.sort((a, b) => a.event.created_at - b.event.created_at)
    sorted = true
    return waiting.pop()
  }

  async function openOne(letter: Letter): Promise<void> {
    // A signer without this cipher is not asked: whatever else it can open goes on.
    if (letter.scheme !== null && !signer.can[letter.scheme]) {
      unopened++
      return
    }
    const message = await letter.open(signer, verifier)
    if (message.ok) {
      opened.push(message.value)
      return
    }
    switch (message.error.code) {
      case 'declined':
      case 'locked':
      case 'wrong-account':
      case 'unsupported':
        // Whoever said no is not asked again for each of a thousand.
        stopped = true
        unopened++
        return
      case 'unavailable':
      case 'bad-answer':
        unopened++
        return
      default:
        refused++
        onSpoilt(letter.event.id, message.error.code, spoiltOf(letter.event))
    }
  }

  async function work(): Promise<void> {
    while (!stopped && !signal.aborted) {
      const letter = next()
      if (!letter)
        break
      if (performance.now() > sliceEnd) {
        await new Promise<void>((go) => { setTimeout(go, 0) })
        sliceEnd = performance.now() + SLICE_MS
      }
      await openOne(letter)
      gathering ??= setTimeout(hand, GATHER_MS)
    }
    if (stopped) {
      unopened += waiting.length
      waiting = []
    }
  }

  function start(): void {
    starting = undefined
    while (working < AT_ONCE && waiting.length > 0) {
      working++
      void work().then(() => {
        working--
        if (working === 0)
          hand()
      })
    }
  }

  return {
    open(letter) {
      if (stopped) {
        unopened++
        return
      }
      waiting.push(letter)
      sorted = false
      // What comes together is sorted together.
      starting ??= setTimeout(start, 0)
    },
    idle: () => waiting.length === 0 && working === 0 && opened.length === 0,
    unopened: () => unopened,
    refused: () => refused,
  }
}
