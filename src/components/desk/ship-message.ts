import { fill } from '../order/words'
import { words } from './words'

/** The sentence offered to the merchant; it follows carrier and number until it is edited by hand. */
export function shipMessage(number: string, carrier: string, tracking: string): string {
  const w = words.order.ship
  const values = { number, carrier: carrier.trim(), tracking: tracking.trim() }
  if (values.carrier !== '' && values.tracking !== '')
    return fill(w.templateTracking, values)
  if (values.tracking !== '')
    return fill(w.templateNumber, values)
  return fill(values.carrier === '' ? w.template : w.templateCarrier, values)
}
