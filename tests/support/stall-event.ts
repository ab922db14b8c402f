/** A stall as nostrmarket publishes it (nip15.md §2): the app reads them and writes none. */
import type { Seconds } from '../../src/domain/brand'
import type { ShippingZone, Stall } from '../../src/domain/catalog/types'
import { moneyText } from '../../src/domain/money/fiat'
import { kinds, type UnsignedEvent } from '../../src/domain/protocol/event'

const wireCurrency = (code: string): string => code === 'SAT' ? 'sat' : code
const zoneBody = ({ id, name, cost, countries }: ShippingZone, currency: string) =>
  ({ id, name, cost: Number(moneyText(cost)), currency: wireCurrency(currency), countries })

export function stallEvent({ id, name, description, currency, zones }: Pick<Stall, 'id' | 'name' | 'description' | 'currency' | 'zones'>, at: Seconds): UnsignedEvent {
  const content = JSON.stringify({ id, name, description, currency: wireCurrency(currency), shipping: zones.map(zone => zoneBody(zone, currency)) })
  return { kind: kinds.stall, created_at: at, tags: [['d', id]], content }
}
