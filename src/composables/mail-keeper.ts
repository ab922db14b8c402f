import type { EventId } from '../domain/brand'
import type { OpenedMessage } from '../domain/protocol/event'
import { err } from '../domain/result'
import { keepMessages, type Kept } from '../flows/keepMessages'
import type { Clock } from '../ports/clock'
import type { Carrier, Journal, StorageError } from '../ports/journal'
import type { SpoiltLetter } from '../ports/mail'

interface Parts {
  readonly journal: Journal
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onKept: (messages: readonly OpenedMessage[], kept: Kept) => void
  /** More of what nobody can read is remembered. */
  readonly onNoted: () => void
  /** null: storage takes messages again. */
  readonly onProblem: (problem: StorageError | null) => void
  readonly fetchAgain: (ids: readonly EventId[]) => void
}

/** What could not be kept is tried again after that long, then after twice as long, and so on: it may be a matter of room. */
const AGAIN_MS = 15_000
const AGAIN_MOST_MS = 10 * 60_000
/** So many opened messages wait in memory for a device that is full; more are asked of the relays again. */
const MOST_UNKEPT = 1_000
/** Nobody could read them: written together, and never so many that they hold the page up. */
const SPOILT_BATCH = 500

/** Opened messages → the journal, one batch after the other. What it does not take is tried again until it does (T12). */
export function keepMail({ journal, clock, signal, onKept, onNoted, onProblem, fetchAgain }: Parts) {
  let unkept: readonly OpenedMessage[] = []
  const lost = new Set<EventId>()
  let spoilt: Carrier[] = []
  let noting = false
  let pause = AGAIN_MS
  let sleeping = false
  let turn: Promise<void> = Promise.resolve()

  async function keep(messages: readonly OpenedMessage[]): Promise<void> {
    const wanted = [...unkept, ...messages]
    if (wanted.length === 0 || signal.aborted)
      return
    // While storage takes nothing, only the pause's end tries it again: not each message that comes.
    const kept = sleeping && messages.length > 0 ? null : await keepMessages({ journal, clock }, wanted).catch(() => err<StorageError>({ code: 'storage-off' }))
    if (signal.aborted)
      return
    if (kept?.ok) {
      unkept = []
      pause = AGAIN_MS
      onProblem(null)
      onKept(wanted, kept.value)
      if (lost.size > 0)
        fetchAgain([...lost])
      lost.clear()
      return
    }
    unkept = wanted.slice(0, MOST_UNKEPT)
    wanted.slice(MOST_UNKEPT).forEach(({ id, carrier }) => lost.add(carrier ?? id))
    if (kept !== null)
      onProblem(kept.error)
    if (!sleeping)
      void tryLater()
  }

  async function tryLater(): Promise<void> {
    sleeping = true
    await clock.sleep(pause, signal)
    pause = Math.min(AGAIN_MOST_MS, pause * 2)
    await afterwards(async () => {
      // Before it is tried: what fails now has to sleep anew.
      sleeping = false
      await keep([])
    })
  }

  async function noteAll(): Promise<void> {
    noting = false
    while (spoilt.length > 0 && !signal.aborted) {
      const batch = spoilt.slice(0, SPOILT_BATCH)
      spoilt = spoilt.slice(SPOILT_BATCH)
      // Where they cannot be noted they are tried again another day: nothing is lost by it.
      await journal.noteCarriers(batch)
      onNoted()
    }
  }

  /** After all that came before; one that fails ends no other. */
  function afterwards(work: () => unknown): Promise<void> {
    turn = turn.then(work).then(() => undefined, () => undefined)
    return turn
  }

  return {
    keep: (messages: readonly OpenedMessage[]): void => { void afterwards(() => keep(messages)) },
    noteSpoilt(id: EventId, reason: string, what?: SpoiltLetter): void {
      spoilt.push({ id, at: clock.now(), spoilt: reason, ...what })
      if (!noting)
        void afterwards(noteAll)
      noting = true
    },
    afterwards,
    /** Nothing that came waits for storage. */
    keptAll: (): boolean => unkept.length === 0 && lost.size === 0,
  }
}
