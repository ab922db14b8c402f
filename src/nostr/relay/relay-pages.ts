import type { Filter, NostrEvent } from '../../domain/protocol/event'
import type { RelayLink } from './relay-link-shape'
import { laneOf } from './relay-request'

interface PageOptions {
  readonly link: RelayLink
  readonly filters: readonly Filter[]
  readonly signal: AbortSignal
  readonly wants: (event: NostrEvent) => boolean
  readonly onEvents: (events: readonly NostrEvent[]) => void
  readonly pageSize?: number | undefined
  readonly firstPageSize?: number | undefined
}

/** Unchecked, and used only to ask the same relay for more. */
interface Page { readonly heard: number, readonly fresh: number, readonly oldest: number, readonly hint: boolean | null, readonly sameSecond: boolean }

const PAGE_SIZE = 500
/** A relay that never comes to an end is lying, or has more than we could show. */
const MOST_EVENTS = 300_000
const MOST_PAGES = 5_000

/**
 * Everything stored at one relay, newest first. Each filter is paged by itself: a relay caps each by itself, and a common
 * `until` would jump over what the fuller one still has. Resolves when all of it was checked and handed over.
 * @returns false when the relay stopped early, never answered, or was left.
 */
export async function pageThrough(options: PageOptions): Promise<boolean> {
  // One for all pages of all filters: a signal lives as long as an account, and would gather a listener for each of them.
  const open = new Set<() => void>()
  const leaveAll = (): void => [...open].forEach(leave => leave())
  options.signal.addEventListener('abort', leaveAll, { once: true })
  const complete = await Promise.all(options.filters.map(filter => pageFilter(filter, options, open)))
  options.signal.removeEventListener('abort', leaveAll)
  return complete.every(Boolean)
}

async function pageFilter(filter: Filter, { link, signal, wants, onEvents, pageSize = PAGE_SIZE, firstPageSize = pageSize }: PageOptions, open: Set<() => void>): Promise<boolean> {
  const known = new Set<string>()
  const checked: Promise<boolean>[] = []
  let until = filter.until
  let whole = true
  let fullest = 0
  let jumped = false
  for (let pages = 0; pages < MOST_PAGES && known.size < MOST_EVENTS && !signal.aborted; pages++) {
    const left = (filter.limit ?? Number.POSITIVE_INFINITY) - known.size
    const limit = Math.min(pages === 0 ? firstPageSize : pageSize, left)
    const asked = askPage({ ...filter, ...(until === undefined ? {} : { until }), limit }, { link, signal, open, known, wants, onEvents })
    checked.push(asked.checked)
    const page = await asked.page
    if (page === null) {
      await Promise.all(checked)
      return false
    }
    if (page.hint === true || page.heard === 0 || known.size >= (filter.limit ?? Number.POSITIVE_INFINITY))
      break
    // What lies before a second that filled a page: then that second may have had more than this relay gives at once.
    whole = whole && !(jumped && page.fresh > 0)
    const stuck = page.fresh === 0 && page.sameSecond && page.heard > 1 && page.heard >= fullest && page.oldest > 0
    if (page.fresh === 0 && !stuck)
      break
    fullest = Math.max(fullest, page.heard)
    jumped = stuck
    // Not minus one: several events share a second. Only past a second that fills a page there is no other way.
    until = stuck ? page.oldest - 1 : page.oldest
    await link.room()
  }
  return (await Promise.all(checked)).every(Boolean) && whole && !signal.aborted
}

interface AskParts { readonly link: RelayLink, readonly signal: AbortSignal, readonly open: Set<() => void>, readonly known: Set<string>, readonly wants: (event: NostrEvent) => boolean, readonly onEvents: (events: readonly NostrEvent[]) => void }

/** `page` as soon as the relay has said its last word, so that the next one can be asked for; `checked` when all is handed over. */
function askPage(filter: Filter, { link, signal, open, known, wants, onEvents }: AskParts): { readonly page: Promise<Page | null>, readonly checked: Promise<boolean> } {
  let heard = 0
  let fresh = 0
  let oldest = Number.POSITIVE_INFINITY
  let newest = 0
  let turn: (page: Page | null) => void = () => undefined
  let finish: (complete: boolean) => void = () => undefined
  const page = new Promise<Page | null>((resolve) => { turn = resolve })
  const checked = new Promise<boolean>((resolve) => { finish = resolve })
  let ended = false
  let whole = false
  let end: () => void = () => undefined

  function leave(complete: boolean): void {
    turn(null)
    finish(complete)
    open.delete(abandon)
    ended = true
    end()
  }
  const abandon = (): void => leave(false)
  if (signal.aborted) {
    leave(false)
    return { page, checked }
  }
  open.add(abandon)
  end = link.request({
    filters: [filter],
    lane: laneOf([filter]),
    wants,
    onHeard(event) {
      heard++
      oldest = Math.min(oldest, event.created_at)
      newest = Math.max(newest, event.created_at)
      if (!known.has(event.id)) {
        known.add(event.id)
        fresh++
      }
    },
    onPage(hint) {
      whole = true
      turn({ heard, fresh, oldest, hint, sameSecond: oldest === newest })
    },
    onEvents,
    onStored: () => leave(whole),
    onClosed() {
      whole = false
      turn(null)
    },
  })
  if (ended)
    end()
  return { page, checked }
}
