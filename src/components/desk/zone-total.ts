import type { Product, Stall } from '../../domain/catalog/types'
import type { Money } from '../../domain/money/types'
import type { Order } from '../../domain/order/types'

/**
 * An order's total with another shipping zone: prices as ordered, shipping as the stall has it now, in the stall's currency.
 * null = the stall, the zone or the prices of the time are not on this device.
 */
export function zoneTotal(order: Order, stall: Stall | undefined, zoneId: string, product: (address: string) => Product | undefined): Money | null {
  const zone = stall?.zones.find(candidate => candidate.id === zoneId)
  const snapshot = order.snapshot
  if (zone === undefined || snapshot === null || zone.cost.currency !== snapshot.totals.goods.currency)
    return null
  const extras = snapshot.lines.reduce((sum, line) => sum + line.quantity * (product(line.product)?.zoneExtras.get(zoneId)?.minor ?? 0), 0)
  return { currency: zone.cost.currency, minor: snapshot.totals.goods.minor + zone.cost.minor + extras }
}
