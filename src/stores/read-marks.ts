import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import * as v from 'valibot'
import { isEventId, isSeconds, type EventId, type Seconds } from '../domain/brand'
import { MOST_MARKS, markRead, mergeMarks, type Heard, type ReadMarks } from '../domain/order/reading'
import type { Clock } from '../ports/clock'
import type { Snapshots } from '../ports/snapshots'
import type { useAccountStore } from './account'
import { accountKey, readSealed } from './persisted'

const Id = v.custom<EventId>(isEventId)
const At = v.custom<Seconds>(isSeconds)
const MOST_DECISIONS = 1_000
/** Answers to 'is this mine?' rest with what was read: both are how far the person has got. */
const Stored = v.object({
  since: At,
  threads: v.pipe(v.array(v.object({ name: v.string(), at: At, ids: v.array(Id) })), v.maxLength(2 * MOST_MARKS)),
  decided: v.pipe(v.array(v.tuple([Id, v.picklist(['mine', 'not-mine', 'open'])])), v.maxLength(2 * MOST_DECISIONS)),
})

/** `open`: taken back, to be asked again. */
export type Decision = 'mine' | 'not-mine' | 'open'
interface State { readonly marks: ReadMarks, readonly decided: ReadonlyMap<EventId, Decision> }

export interface KeptReading {
  /** null until it was read from the device: nothing counts as unread before that. */
  readonly marks: ComputedRef<ReadMarks | null>
  readonly decided: ComputedRef<ReadonlyMap<EventId, Decision>>
  saw(threads: readonly (readonly [string, readonly Heard[]])[]): void
  decide(message: EventId, decision: Decision): void
}

const WRITE_DELAY_MS = 300

interface Needs { readonly snapshots: Snapshots, readonly account: ReturnType<typeof useAccountStore>, readonly clock: Pick<Clock, 'now'> }

/** What the open account has read on this device, sealed; other tabs are followed, and nothing of theirs is undone (T13). */
export function keptReading({ snapshots, account, clock }: Needs): KeptReading {
  const state = shallowRef<State | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Judgements of this tab that do not rest yet: those that rest, maybe another tab's, are newer than the rest of what it knows. */
  const unsaved = new Map<EventId, Decision>()

  const place = () => {
    const { pubkey, vault } = account
    return pubkey === null || vault === null ? null : { snapshots, key: accountKey(pubkey, 'read'), version: 1, schema: Stored, vault }
  }
  const ofStored = ({ since, threads, decided }: v.InferOutput<typeof Stored>): State =>
    ({ marks: { since, threads: new Map(threads.map(({ name, at, ids }) => [name, { at, ids }])) }, decided: new Map(decided) })
  const together = (one: State, other: State): State =>
    ({ marks: mergeMarks(one.marks, other.marks), decided: new Map([...one.decided, ...other.decided, ...unsaved]) })

  async function stored(): Promise<State | null> {
    const where = place()
    const found = where === null ? null : await readSealed(where)
    return found?.ok === true && found.value !== undefined && account.vault === where?.vault ? ofStored(found.value) : null
  }

  async function read(): Promise<void> {
    const { vault } = account
    if (vault === null)
      return
    const found = await stored()
    if (account.vault !== vault)
      return
    const first: State = found ?? { marks: { since: clock.now(), threads: new Map() }, decided: new Map() }
    state.value = state.value === null ? first : together(state.value, first)
    // From here on the count has a beginning.
    if (found === null)
      writeSoon()
  }

  async function write(): Promise<void> {
    timer = undefined
    const where = place()
    const found = await stored()
    if (where === null || account.vault !== where.vault || state.value === null)
      return
    const now = found === null ? state.value : together(state.value, found)
    state.value = now
    const judged = [...unsaved]
    // Where there is no room it is counted anew next time; nothing is lost by that.
    const written = await snapshots.writeSealed(where.key, where.version, {
      since: now.marks.since,
      threads: [...now.marks.threads].map(([name, mark]) => ({ name, ...mark })),
      decided: [...now.decided].slice(-MOST_DECISIONS),
    }, where.vault)
    for (const [message, decision] of written.ok ? judged : []) {
      if (unsaved.get(message) === decision)
        unsaved.delete(message)
    }
  }
  function writeSoon(): void {
    timer ??= setTimeout(() => void write(), WRITE_DELAY_MS)
  }

  const stop = watch(() => account.vault, () => {
    clearTimeout(timer)
    timer = undefined
    unsaved.clear()
    state.value = null
    void read()
  }, { immediate: true, flush: 'sync' })
  const end = snapshots.onChange((key) => {
    if (account.pubkey !== null && key === accountKey(account.pubkey, 'read'))
      void read()
  })
  onScopeDispose(() => {
    stop()
    end()
    clearTimeout(timer)
  })

  function change(next: (now: State) => State): void {
    const now = state.value
    if (now === null)
      return
    const after = next(now)
    if (after.marks === now.marks && after.decided === now.decided)
      return
    state.value = after
    writeSoon()
  }

  return {
    marks: computed(() => state.value?.marks ?? null),
    decided: computed(() => state.value?.decided ?? new Map()),
    saw: threads => change(now => ({ ...now, marks: threads.reduce((marks, [name, heard]) => markRead(marks, name, heard), now.marks) })),
    decide: (message, decision) => change((now) => {
      unsaved.set(message, decision)
      return { ...now, decided: new Map([...now.decided, [message, decision]]) }
    }),
  }
}
