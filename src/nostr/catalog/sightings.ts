import type { Address, RelayUrl } from '../../domain/brand'
import type { Seen } from '../../domain/catalog/types'

/** On which relays a listing was seen: that is where its merchant can be reached (nip15.md §11). */
export interface Sightings {
  add(address: Address, relays: readonly RelayUrl[]): void
  /** What is new since the last time, at most so many. */
  take(most: number): readonly Seen[]
  size(): number
}

export function createSightings(): Sightings {
  const known = new Map<Address, readonly RelayUrl[]>()
  const fresh = new Map<Address, readonly RelayUrl[]>()
  return {
    add(address, relays) {
      const former = known.get(address) ?? []
      const more = relays.filter(relay => !former.includes(relay))
      if (more.length === 0)
        return
      known.set(address, [...former, ...more])
      fresh.set(address, [...fresh.get(address) ?? [], ...more])
    },
    take(most) {
      const taken: Seen[] = []
      for (const [address, relays] of fresh) {
        if (taken.length >= most)
          break
        taken.push({ address, relays })
        fresh.delete(address)
      }
      return taken
    },
    size: () => fresh.size,
  }
}
