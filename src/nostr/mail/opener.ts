import type { Pubkey } from '../../domain/brand'
import { limits } from '../../domain/limits'
import type { NostrEvent, OpenedMessage } from '../../domain/protocol/event'
import { assertNever } from '../../domain/result'
import type { Signer, SignerError } from '../../ports/signer'

interface Letter { readonly event: NostrEvent, readonly receiver: Pubkey, readonly counterparty: Pubkey }

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
  readonly signal: AbortSignal
  readonly onMessages: (messages: readonly OpenedMessage[]) => void
  readonly onChange: () => void
}

/** Each may be a window of an extension, or a round trip (transport.md §10). */
const AT_ONCE = 4
/** A local key works in this thread: it gives way before anybody notices. */
const SLICE_MS = 8
const GATHER_MS = 30

export function createOpener({ signer, signal, onMessages, onChange }: Parts): Opener {
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

  function fail(code: SignerError['code']): void {
    switch (code) {
      case 'decrypt':
        refused++
        return
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
        assertNever(code)
    }
  }

  async function openOne({ event, receiver, counterparty }: Letter): Promise<void> {
    const text = await signer.nip04Decrypt(counterparty, event.content)
    if (!text.ok)
      fail(text.error.code)
    else if (text.value.length > limits.messageContent)
      refused++
    else
      opened.push({ id: event.id, author: event.pubkey, receiver, sentAt: event.created_at, transport: 'nip04', plaintext: text.value })
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
