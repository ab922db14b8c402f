import type { DemoStall } from './goods'
import type { Quote } from '../bot'
import { SANDBOX_PRICES } from '../wallet/lnbits-api'

/** Prices an order from the shelf that the relay holds, as nostrmarket does: known goods, one stall, enough stock, a known zone. */
export function quoteFrom(shelf: (productId: string) => { readonly stall: DemoStall, readonly price: number, readonly stock: number | null, readonly extra: Readonly<Record<string, number>> } | undefined): Quote {
  return (items, zoneId) => {
    const lines = items.map(item => ({ item, good: shelf(item.product_id) }))
    const stall = lines[0]?.good?.stall
    const zone = stall?.zones.find(entry => entry.id === zoneId)
    if (stall === undefined || zone === undefined || lines.some(line => line.good === undefined || line.good.stall.id !== stall.id))
      return { refusal: 'One of these goods, or the shipping, is not ours. Please look at the stall again.' }
    let sum = zone.cost
    for (const { item, good } of lines) {
      if (good === undefined || !Number.isInteger(item.quantity) || item.quantity < 1 || (good.stock !== null && item.quantity > good.stock))
        return { refusal: 'There is not enough left of one of these. Sorry!' }
      sum += item.quantity * (good.price + (good.extra[zoneId] ?? 0))
    }
    const sat = stall.currency === 'SAT' ? sum : sum * 100_000_000 / (SANDBOX_PRICES[stall.currency] ?? 1)
    return { msat: Math.max(1, Math.ceil(sat - 1e-6)) * 1000 }
  }
}
