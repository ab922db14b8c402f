import type { Address } from '../domain/brand'

/** Listings by what they belong to; each is in one group at a time. */
export interface Grouped<T, K> {
  put(listing: T): void
  remove(address: Address): void
  of(group: K): Iterable<T>
}

export function grouped<T extends { readonly address: Address }, K>(groupOf: (listing: T) => K): Grouped<T, K> {
  const groups = new Map<K, Map<Address, T>>()
  const at = new Map<Address, K>()

  function remove(address: Address): void {
    const group = at.get(address)
    if (group === undefined)
      return
    at.delete(address)
    groups.get(group)?.delete(address)
    if (groups.get(group)?.size === 0)
      groups.delete(group)
  }

  return {
    put(listing) {
      const group = groupOf(listing)
      if (at.get(listing.address) !== group)
        remove(listing.address)
      at.set(listing.address, group)
      groups.set(group, (groups.get(group) ?? new Map<Address, T>()).set(listing.address, listing))
    },
    remove,
    of: group => groups.get(group)?.values() ?? [],
  }
}
