import type { EventId, Pubkey, Seconds } from '../brand'

/** A message as a reader meets it. */
export interface Heard { readonly id: EventId, readonly author: Pubkey, readonly sentAt: Seconds, readonly arrivedAt: Seconds }

/** Everything that had arrived by then was seen; of that very second, these. */
export interface ReadMark { readonly at: Seconds, readonly ids: readonly EventId[] }

/** `threads`: by whatever names a conversation here. `since`: when this device began to count. */
export interface ReadMarks { readonly since: Seconds, readonly threads: ReadonlyMap<string, ReadMark> }

/** What is older than this when a device begins to count was read elsewhere. */
const OLD_SECONDS = 30 * 24 * 3_600
export const MOST_MARKS = 2_000
const MOST_IDS = 200
const FRESH_SECONDS = 60

/**
 * What of a conversation the person has not seen. Counted by arrival at this device, so that a message that was long on its
 * way is not missed; an answer says that everything before it was read, here or on another device. One written on this very
 * device says it only of what was here by then.
 */
export function unreadOf(heard: readonly Heard[], mark: ReadMark | undefined, since: Seconds, me: Pubkey): readonly EventId[] {
  const own = heard.filter(({ author }) => author === me)
  const elsewhere = latestOf(own.filter(answer => !isFresh(answer)))
  const here = own.filter(isFresh).reduce<Heard | null>((newest, one) => newest === null || one.sentAt > newest.sentAt ? one : newest, null)
  return heard.filter(({ id, author, sentAt, arrivedAt }) => {
    if (author === me || sentAt <= elsewhere || sentAt < since - OLD_SECONDS || (here !== null && here.sentAt >= sentAt && here.arrivedAt >= arrivedAt))
      return false
    return mark === undefined || arrivedAt > mark.at || (arrivedAt === mark.at && !mark.ids.includes(id))
  }).map(({ id }) => id)
}

/** It came to this device as it was written: most likely it was written here. */
const isFresh = ({ sentAt, arrivedAt }: Heard): boolean => arrivedAt - sentAt <= FRESH_SECONDS
const latestOf = (heard: readonly Heard[]): number => heard.reduce((latest: number, { sentAt }) => Math.max(latest, sentAt), 0)

/** All of `heard` was on the screen. The same marks where that is nothing new. */
export function markRead(marks: ReadMarks, thread: string, heard: readonly Heard[]): ReadMarks {
  const at = heard.reduce((latest: number, { arrivedAt }) => Math.max(latest, arrivedAt), 0) as Seconds
  const former = marks.threads.get(thread)
  if (heard.length === 0 || (former !== undefined && former.at > at))
    return marks
  const ids = heard.filter(({ arrivedAt }) => arrivedAt === at).map(({ id }) => id)
  const all = former?.at === at ? [...new Set([...former.ids, ...ids])] : ids
  if (former?.at === at && all.length === former.ids.length)
    return marks
  return withMarks(marks.since, [...marks.threads].filter(([name]) => name !== thread).concat([[thread, { at, ids: all.slice(-MOST_IDS) }]]))
}

/** What two tabs have seen, together (T13). */
export function mergeMarks(one: ReadMarks, other: ReadMarks): ReadMarks {
  const threads = new Map(one.threads)
  for (const [name, mark] of other.threads) {
    const known = threads.get(name)
    if (known === undefined || mark.at > known.at)
      threads.set(name, mark)
    else if (mark.at === known.at)
      threads.set(name, { at: mark.at, ids: [...new Set([...known.ids, ...mark.ids])].slice(-MOST_IDS) })
  }
  return withMarks(Math.max(one.since, other.since) as Seconds, [...threads])
}

/** The oldest marks are forgotten first; what they covered does not come back as unread, since the count begins later. */
function withMarks(since: Seconds, threads: readonly (readonly [string, ReadMark])[]): ReadMarks {
  if (threads.length <= MOST_MARKS)
    return { since, threads: new Map(threads) }
  const sorted = threads.toSorted(([, a], [, b]) => b.at - a.at)
  const forgotten = sorted[MOST_MARKS]?.[1].at ?? since
  return { since: Math.max(since, forgotten + OLD_SECONDS + 1) as Seconds, threads: new Map(sorted.slice(0, MOST_MARKS)) }
}
