import { defineStore } from 'pinia'
import { computed, onScopeDispose } from 'vue'
import * as v from 'valibot'
import { isPubkey, isSeconds, type Address } from '../domain/brand'
import { parseAddress } from '../domain/catalog/address'
import { addToCart, cartChanges, changeQuantity, emptyCart, isLine, lineOf, piecesOf, removeFromCart, type CartChange, type CartError } from '../domain/cart/cart'
import type { StallCart } from '../domain/cart/types'
import { lineKey } from '../domain/catalog/choice'
import type { Product, Stall } from '../domain/catalog/types'
import { limits } from '../domain/limits'
import { ok, type Result } from '../domain/result'
import { useCatalogStore } from './catalog'
import { persisted } from './persisted'
import { useServices } from './services'

const AddressText = v.custom<Address>(value => typeof value === 'string' && parseAddress(value) !== null)
const MoneyBody = v.nullable(v.object({ currency: v.string(), minor: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }))
const Line = v.object({
  product: AddressText,
  /** Since version 2; lines of before hold products without a choice. */
  variant: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.tagValue))),
  quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.quantity)),
  addedAt: v.custom<StallCart['lines'][number]['addedAt']>(isSeconds),
  seen: v.object({ name: v.string(), image: v.string(), price: MoneyBody, stock: v.nullable(v.number()) }),
})
const Carts: v.GenericSchema<unknown, readonly StallCart[]> = v.array(v.object({
  stall: AddressText,
  merchant: v.custom<StallCart['merchant']>(isPubkey),
  stallName: v.string(),
  lines: v.array(Line),
  zoneId: v.nullable(v.string()),
  orderId: v.nullable(v.string()),
}))

/** One cart per stall, kept on the device, the same in every tab. Nothing private is in them. */
export const useCartStore = defineStore('cart', () => {
  const { snapshots, clock } = useServices()
  const catalog = useCatalogStore()
  const kept = persisted({ snapshots, key: 'carts', version: 2, schema: Carts, initial: [] })
  onScopeDispose(kept.dispose)
  const carts = computed(() => kept.value.value)

  const of = (stall: Address): StallCart | undefined => carts.value.find(cart => cart.stall === stall)

  /** Changes one stall's cart as it rests now; without lines it goes. */
  function update(stall: Address, next: (cart: StallCart) => StallCart): void {
    kept.change(all => all.map(cart => cart.stall === stall ? next(cart) : cart).filter(cart => cart.lines.length > 0))
  }

  /** @param variant which one, of a listing that offers several */
  function add(product: Product, stall: Stall, quantity: number, variant?: string): Result<StallCart, CartError> {
    const before = of(stall.address) ?? emptyCart(stall)
    const added = addToCart(before, product, quantity, clock.now(), variant)
    if (!added.ok)
      return added
    kept.change((all) => {
      const current = all.find(cart => cart.stall === stall.address)
      const cart = current === undefined ? added : addToCart(current, product, quantity, clock.now(), variant)
      if (!cart.ok)
        return all
      return current === undefined ? [...all, cart.value] : all.map(one => one === current ? cart.value : one)
    })
    return ok(of(stall.address) ?? added.value)
  }

  function setQuantity(stall: Address, product: Address, quantity: number, variant?: string): Result<StallCart, CartError> | null {
    const cart = of(stall)
    if (cart === undefined)
      return null
    const listing = catalog.products.get(product) ?? null
    const changed = changeQuantity(cart, product, quantity, listing, variant)
    if (changed.ok)
      update(stall, (now) => {
        const again = changeQuantity(now, product, quantity, listing, variant)
        return again.ok ? again.value : now
      })
    return changed
  }

  /** @returns takes the removal back */
  function remove(stall: Address, product: Address, variant?: string): () => void {
    const before = of(stall)
    const line = before === undefined ? undefined : lineOf(before, product, variant)
    update(stall, cart => removeFromCart(cart, product, variant))
    return () => {
      if (before !== undefined && line !== undefined)
        restore(before, [line])
    }
  }

  /** @returns takes the removal back */
  function removeStall(stall: Address): () => void {
    const before = of(stall)
    clear(stall)
    return () => {
      if (before !== undefined)
        restore(before, before.lines)
    }
  }

  function restore(before: StallCart, lines: StallCart['lines']): void {
    kept.change((all) => {
      const current = all.find(cart => cart.stall === before.stall)
      if (current === undefined)
        return [...all, { ...before, lines }]
      const missing = lines.filter(line => current.lines.every(one => !isLine(one, line)))
      // Back at its old place, as far as there still is one.
      const place = new Map(before.lines.map((line, index) => [lineKey(line), index]))
      const joined = [...current.lines, ...missing].sort((a, b) => (place.get(lineKey(a)) ?? 1e6) - (place.get(lineKey(b)) ?? 1e6))
      return all.map(cart => cart === current ? { ...cart, lines: joined } : cart)
    })
  }

  function clear(stall: Address): void {
    kept.change(all => all.filter(cart => cart.stall !== stall))
  }

  /** The order's id, chosen once and kept: a second tap, or one after a crash, is the same order (T1). */
  function openCheckout(stall: Address): string {
    const fresh = clock.newId()
    update(stall, cart => cart.orderId === null ? { ...cart, orderId: fresh } : cart)
    return of(stall)?.orderId ?? fresh
  }

  function changesSince(stall: Address): readonly CartChange[] {
    const cart = of(stall)
    return cart === undefined ? [] : cartChanges(cart, catalog.products, clock.now())
  }

  return {
    carts,
    /** Pieces in all carts. */
    count: computed(() => carts.value.reduce((sum, cart) => sum + piecesOf(cart), 0)),
    storageProblem: computed(() => kept.problem.value),
    of,
    add,
    setQuantity,
    remove,
    removeStall,
    setZone: (stall: Address, zoneId: string | null): void => update(stall, cart => ({ ...cart, zoneId })),
    openCheckout,
    clear,
    changesSince,
    /** The shopper has seen what changed; lines now stand as the shelf does. */
    replace: (cart: StallCart): void => update(cart.stall, () => cart),
  }
})
