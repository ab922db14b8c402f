/** Ids kept in two generations: when the younger is full the older goes, so memory is bounded and the newest half stays (T20). */
export interface Seen {
  has(id: string): boolean
  add(id: string): void
  /** So that it can come again: the journal could not keep it (T12). */
  forget(id: string): void
  readonly size: number
}

/** @param most ids remembered at most; at least half as many of the latest are. */
export function createSeen(most = 100_000): Seen {
  let young = new Set<string>()
  let old = new Set<string>()
  return {
    has: id => young.has(id) || old.has(id),
    add(id) {
      young.add(id)
      if (young.size * 2 > most) {
        old = young
        young = new Set()
      }
    },
    forget(id) {
      young.delete(id)
      old.delete(id)
    },
    get size() {
      return young.size + old.size
    },
  }
}
