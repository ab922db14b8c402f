import type { Address, RelayUrl } from '../domain/brand'
import { toNaddr } from '../domain/catalog/naddr'

/**
 * Where a product's page is, with the relays it was seen on. Made once per product and set of relays: a grid asks at
 * every change of the market, and a checksum over each name would be the dearest part of drawing it.
 * @param relaysOf the same array for as long as the relays are the same.
 */
export function productPaths(relaysOf: (address: Address) => readonly RelayUrl[]): (product: { readonly address: Address }) => string {
  const made = new Map<Address, { readonly relays: readonly RelayUrl[], readonly path: string }>()
  return ({ address }) => {
    const relays = relaysOf(address)
    const former = made.get(address)
    if (former !== undefined && (former.relays === relays || former.relays.length + relays.length === 0))
      return former.path
    const path = `/p/${toNaddr(address, relays)}`
    made.set(address, { relays, path })
    return path
  }
}
