import type { Event, Filter } from '@nostr-relay/common'

const isReplaceable = (kind: number): boolean => kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)
const isAddressable = (kind: number): boolean => kind >= 30_000 && kind < 40_000
const dOf = (event: Event): string => event.tags.find(([name]) => name === 'd')?.[1] ?? ''
const slotOf = (event: Event): string | null =>
  isAddressable(event.kind) ? `${event.kind}:${event.pubkey}:${dOf(event)}` : isReplaceable(event.kind) ? `${event.kind}:${event.pubkey}:` : null
const expiryOf = (event: Event): number => Number(event.tags.find(([name]) => name === 'expiration')?.[1] ?? Number.POSITIVE_INFINITY)

/** Newest first; in one second the smaller id first (NIP-01). */
const before = (a: Event, b: Event): number => b.created_at - a.created_at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** A list that is sorted when it is read, not with every event: many are written between two questions. */
class Shelf {
  private events: Event[] = []
  private sorted = true

  get size(): number {
    return this.events.length
  }

  add(event: Event): void {
    const last = this.events.at(-1)
    this.sorted = this.sorted && (last === undefined || before(last, event) < 0)
    this.events.push(event)
  }

  list(): readonly Event[] {
    if (!this.sorted) {
      this.events.sort(before)
      this.sorted = true
    }
    return this.events
  }

  drop(gone: ReadonlyMap<string, Event>): void {
    this.events = this.events.filter(event => !gone.has(event.id))
  }
}

export type Kept = 'kept' | 'duplicate' | 'older' | 'deleted' | 'expired'

/** Events in memory with the indexes that questions use. Replacement, deletion and expiry as NIP-01, 09 and 40 want. */
export class EventStore {
  private readonly byId = new Map<string, Event>()
  private readonly slots = new Map<string, Event>()
  private readonly shelves = new Map<string, Shelf>()
  private readonly all = new Shelf()
  private readonly deletedIds = new Map<string, Set<string>>()
  private readonly deletedUntil = new Map<string, number>()
  private dead = new Map<string, Event>()

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.byId.size
  }

  add(event: Event): Kept {
    if (this.byId.has(event.id))
      return 'duplicate'
    if (expiryOf(event) < this.now())
      return 'expired'
    if (this.isDeleted(event))
      return 'deleted'
    const slot = slotOf(event)
    const held = slot === null ? undefined : this.slots.get(slot)
    if (held !== undefined && before(held, event) < 0)
      return 'older'
    if (held !== undefined)
      this.remove(held)
    if (slot !== null)
      this.slots.set(slot, event)
    this.byId.set(event.id, event)
    this.all.add(event)
    for (const key of keysOf(event))
      this.shelf(key).add(event)
    if (event.kind === 5)
      this.applyDeletion(event)
    return 'kept'
  }

  /** Newest first, at most `limit`. An empty array in a filter matches nothing. */
  find(filter: Filter, limit: number): readonly Event[] {
    this.sweep()
    const wanted = Math.min(filter.limit ?? limit, limit)
    if (Object.values(filter).some(value => Array.isArray(value) && value.length === 0))
      return []
    const found: Event[] = []
    const matches = matcher(filter, this.now())
    for (const event of this.candidates(filter)) {
      if (found.length >= wanted)
        break
      if (matches(event))
        found.push(event)
    }
    return found
  }

  *values(): IterableIterator<Event> {
    this.sweep()
    yield* this.byId.values()
  }

  private candidates(filter: Filter): readonly Event[] {
    if (filter.ids)
      return filter.ids.map(id => this.byId.get(id)).filter(event => event !== undefined).sort(before)
    const best = indexKeys(filter).map(keys => ({ keys, cost: keys.reduce((sum, key) => sum + (this.shelves.get(key)?.size ?? 0), 0) })).sort((a, b) => a.cost - b.cost)[0]
    if (best === undefined)
      return this.all.list()
    const lists = best.keys.map(key => this.shelves.get(key)?.list() ?? [])
    return lists.length === 1 ? lists[0] ?? [] : [...new Set(lists.flat())].sort(before)
  }

  private shelf(key: string): Shelf {
    const shelf = this.shelves.get(key) ?? new Shelf()
    this.shelves.set(key, shelf)
    return shelf
  }

  private isDeleted(event: Event): boolean {
    const slot = slotOf(event)
    return event.kind !== 5 && (this.deletedIds.get(event.id)?.has(event.pubkey) === true || (slot !== null && event.created_at <= (this.deletedUntil.get(slot) ?? -1)))
  }

  private applyDeletion(request: Event): void {
    for (const [name, value = ''] of request.tags) {
      if (name === 'e') {
        this.deletedIds.set(value, (this.deletedIds.get(value) ?? new Set()).add(request.pubkey))
        const target = this.byId.get(value)
        if (target !== undefined && target.pubkey === request.pubkey && target.kind !== 5)
          this.remove(target)
      }
      if (name === 'a' && value.split(':')[1] === request.pubkey) {
        this.deletedUntil.set(value, Math.max(request.created_at, this.deletedUntil.get(value) ?? 0))
        const target = this.slots.get(value)
        if (target !== undefined && target.created_at <= request.created_at)
          this.remove(target)
      }
    }
  }

  private remove(event: Event): void {
    this.byId.delete(event.id)
    const slot = slotOf(event)
    if (slot !== null && this.slots.get(slot) === event)
      this.slots.delete(slot)
    this.dead.set(event.id, event)
  }

  /** Takes removed and expired events off the shelves, all at once. */
  private sweep(): void {
    if (this.dead.size === 0)
      return
    this.all.drop(this.dead)
    for (const key of new Set([...this.dead.values()].flatMap(keysOf))) {
      this.shelves.get(key)?.drop(this.dead)
      if (this.shelves.get(key)?.size === 0)
        this.shelves.delete(key)
    }
    this.dead = new Map()
  }
}

function keysOf(event: Event): readonly string[] {
  const tags = new Set(event.tags.filter(([name, value]) => name?.length === 1 && value !== undefined).map(([name, value]) => `#${name}:${value}`))
  return [`k:${event.kind}`, `a:${event.pubkey}`, `ka:${event.kind}:${event.pubkey}`, ...tags]
}

/** Index keys that hold every match, one list for each usable condition. */
function indexKeys(filter: Filter): readonly (readonly string[])[] {
  const { authors, kinds: wanted } = filter
  const tags = Object.entries(filter).filter(([name]) => name.startsWith('#')).map(([name, values]) => (values as readonly string[]).map(value => `${name}:${value}`))
  return [
    ...tags,
    ...(authors && wanted ? [authors.flatMap(author => wanted.map(kind => `ka:${kind}:${author}`))] : []),
    ...(authors && !wanted ? [authors.map(author => `a:${author}`)] : []),
    ...(wanted ? [wanted.map(kind => `k:${kind}`)] : []),
  ]
}

/** Whether an event is what a filter asks for, tags and expiry included. */
export function matcher(filter: Filter, now: number): (event: Event) => boolean {
  const ids = filter.ids && new Set(filter.ids)
  const authors = filter.authors && new Set(filter.authors)
  const wanted = filter.kinds && new Set(filter.kinds)
  const tags = Object.entries(filter).filter(([name]) => name.startsWith('#')).map(([name, values]) => [name.slice(1), new Set(values as readonly string[])] as const)
  const { since = 0, until = Number.POSITIVE_INFINITY } = filter
  return event => (!ids || ids.has(event.id)) && (!authors || authors.has(event.pubkey)) && (!wanted || wanted.has(event.kind))
    && event.created_at >= since && event.created_at <= until && expiryOf(event) >= now
    && tags.every(([name, values]) => event.tags.some(([tag, value]) => tag === name && value !== undefined && values.has(value)))
}
