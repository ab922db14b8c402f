import { isPubkey, type EventId } from '../../domain/brand'
import { kinds, type OpenedMessage } from '../../domain/protocol/event'
import { tagValue } from '../../domain/protocol/event-shape'
import type { Clock } from '../../ports/clock'
import type { HeldReason, InboxProgress, MayAsk } from '../../ports/mail'
import type { Verifier } from '../../ports/relays'
import type { SpoiltLetter } from '../../ports/mail'
import { asksSomebody, type LetterOutcome, type Signer } from '../../ports/signer'
import { createAllowance } from './allowance'
import { spoiltOf, type CheckSeal, type Letter } from './open-letter'
import { createPile } from './pile'

/** Hands letters to the signer, newest first, a few at a time, and what was in them on. */
export interface Opener {
  open(letters: readonly Letter[]): void
  idle(): boolean
  /** `unopened`: the signer would not, could not, or was not asked: they wait until `resume`. */
  progress(): Pick<InboxProgress, 'unopened' | 'opening' | 'held'>
  /** Nobody could read them: no proper ciphertext, or none for us. */
  refused(): number
  /** A person wants all that waits to be opened. */
  resume(): void
  /** The signer answers again: what it left unanswered is asked once more, and nothing else. */
  askAgain(): void
  pause(): void
}

interface Parts {
  readonly signer: Signer
  readonly verifier: Verifier
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly mayAsk: MayAsk
  readonly onMessages: (messages: readonly OpenedMessage[]) => void
  /** Nobody will ever read that event. */
  readonly onSpoilt: (id: EventId, reason: string, what: SpoiltLetter) => void
  /** No room for more now: it has to be fetched again once `idle`. */
  readonly onOverflow: (letter: Letter) => void
  readonly onChange: () => void
}

/** Each may be a window of an extension, or a round trip (transport.md §10); or a batch for a worker, so that none waits. */
const AT_ONCE = 4
const BATCH = 24
/** Without workers a local key works in this thread: it gives way before anybody notices. */
const SLICE_MS = 8
/** What is opened together is kept together: one transaction a batch. */
const GATHER_MS = 150
const GATHER_MOST = 48
/** So many in a row that nobody could read: the person is asked whether to go on. */
const FRUITLESS = 25

export function createOpener({ signer, verifier, clock, signal, mayAsk, onMessages, onSpoilt, onOverflow, onChange }: Parts): Opener {
  const asks = asksSomebody(signer)
  const allowance = createAllowance(signer.pubkey, () => clock.now())
  const waiting = createPile()
  const shut = createPile()
  /** Asked, and never answered. */
  const silent = createPile()
  let hold: HeldReason | null = asks && mayAsk === 'no' ? 'not-asked' : null
  let run: { done: number, of: number } | null = null
  let working = 0
  let refused = 0
  let unanswered = 0
  let fruitless = 0
  let opened: OpenedMessage[] = []
  let gathering: ReturnType<typeof setTimeout> | undefined
  let starting: ReturnType<typeof setTimeout> | undefined
  let sliceEnd = 0

  const check: CheckSeal = async seal => (await verifier.verify([seal]))[0]?.ok === true

  function hand(): void {
    clearTimeout(gathering)
    gathering = undefined
    const messages = opened
    opened = []
    if (messages.length > 0 && !signal.aborted)
      onMessages(messages)
    onChange()
  }

  function put(pile: typeof waiting, letter: Letter): void {
    if (!pile.add(letter))
      onOverflow(letter)
  }

  /** What may not be asked now: it is asked when the signer answers again, or when a person wants it. */
  const aside = (letter: Letter): void => put(hold === 'silent' ? silent : shut, letter)

  function stop(reason: HeldReason): void {
    hold ??= reason
    waiting.takeAll().forEach(aside)
    run = null
  }

  function settle(letter: Letter, outcome: LetterOutcome): void {
    if (run !== null)
      run.done += 1
    if (outcome.ok) {
      unanswered = 0
      fruitless = 0
      opened.push(outcome.value)
      return
    }
    switch (outcome.error.code) {
      case 'declined':
      case 'locked':
      case 'wrong-account':
      case 'unsupported':
        // Whoever said no is not asked again for each of a thousand.
        put(shut, letter)
        return stop('declined')
      case 'unavailable':
      case 'bad-answer':
        put(silent, letter)
        unanswered += 1
        // All that may be open at one time: nobody is there.
        return unanswered >= AT_ONCE ? stop('silent') : undefined
      default:
        refused++
        fruitless++
        onSpoilt(letter.event.id, outcome.error.code, spoiltOf(letter.event))
        // What goes by itself has its allowance: those whom we wrote to are not kept out by it.
        if (asks && (run !== null || mayAsk === 'all') && fruitless >= FRUITLESS)
          stop('fruitless')
    }
  }

  async function openHere(letter: Letter): Promise<void> {
    if (performance.now() > sliceEnd) {
      await new Promise<void>((go) => { setTimeout(go, 0) })
      sliceEnd = performance.now() + SLICE_MS
    }
    // A signer without this cipher is not asked: whatever else it can open goes on.
    if (hold !== null || (letter.scheme !== null && !signer.can[letter.scheme]))
      aside(letter)
    else
      settle(letter, await letter.open(signer, check))
  }

  async function openBatch(letters: readonly Letter[]): Promise<void> {
    const outcomes = await signer.letters?.openLetters(letters.map(({ event }) => event)) ?? null
    for (const [at, letter] of letters.entries()) {
      const outcome = outcomes?.[at]
      if (outcome === undefined)
        await openHere(letter)
      else
        settle(letter, outcome)
    }
  }

  async function work(): Promise<void> {
    while (hold === null && !signal.aborted) {
      const letters = waiting.takeNewest(signer.letters ? BATCH : 1)
      if (letters.length === 0)
        break
      await openBatch(letters)
      if (opened.length >= GATHER_MOST)
        hand()
      else
        gathering ??= setTimeout(hand, GATHER_MS)
    }
  }

  function start(): void {
    starting = undefined
    while (working < AT_ONCE && waiting.size > 0 && hold === null) {
      working++
      void work().finally(() => {
        working--
        if (working > 0)
          return
        run = null
        hand()
        startSoon()
      })
    }
  }

  /** What comes together is sorted together. */
  function startSoon(): void {
    if (waiting.size > 0 && hold === null)
      starting ??= setTimeout(start, 0)
  }

  return {
    open(letters) {
      const known = letters.filter(({ event }) => {
        const receiver = event.kind === kinds.directMessage && event.pubkey === signer.pubkey ? tagValue(event, 'p') : ''
        return isPubkey(receiver) && allowance.answered(receiver)
      })
      // Their letters may have come before ours to them, and wait among the strangers'.
      if (asks && known.length > 0 && hold === null)
        shut.takeAll().forEach(letter => put(allowance.isFriends(letter) && allowance.take(letter) ? waiting : shut, letter))
      for (const letter of letters) {
        const goes = hold === null && (!asks || mayAsk === 'all' || allowance.take(letter))
        if (goes)
          put(waiting, letter)
        else
          aside(letter)
      }
      startSoon()
    },
    idle: () => waiting.size === 0 && working === 0 && opened.length === 0,
    progress: () => ({ unopened: shut.size + silent.size, opening: run, held: hold ?? (silent.size > 0 ? 'silent' : shut.size > 0 ? 'many' : null) }),
    refused: () => refused,
    resume() {
      hold = null
      unanswered = 0
      fruitless = 0
      const again = [...shut.takeAll(), ...silent.takeAll()]
      run = asks && again.length > 0 ? { done: 0, of: again.length + waiting.size } : null
      again.forEach(letter => put(waiting, letter))
      startSoon()
      onChange()
    },
    askAgain() {
      if (hold === 'silent')
        hold = null
      unanswered = 0
      const again = silent.takeAll()
      again.forEach(letter => put(hold === null ? waiting : shut, letter))
      startSoon()
      onChange()
    },
    pause() {
      stop('paused')
      onChange()
    },
  }
}
