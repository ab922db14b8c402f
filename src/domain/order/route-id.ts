import type { OrderKey } from '../brand'
import { limits } from '../limits'
import { err, ok, type Result } from '../result'
import { orderKey, splitKey } from './keys'

/** `shopper~merchant~encodeURIComponent(id)`: an order's key in a form that fits into a path. */
export function orderRouteId(order: OrderKey | { readonly key: OrderKey }): string {
  const key = typeof order === 'string' ? order : order.key
  const parts = splitKey(key)
  // encodeURIComponent leaves ~ alone; ids are the shopper's choice, so it must not cut the path apart.
  return parts === undefined ? '' : `${parts.shopper}~${parts.merchant}~${encodeURIComponent(parts.id.toWellFormed()).replaceAll('~', '%7E')}`
}

/** What stands in the address bar was typed by anyone. */
export function parseRouteId(text: string): Result<OrderKey, { readonly code: 'not-an-order' }> {
  const pieces = text.split('~')
  const [shopper = '', merchant = '', rawId = ''] = pieces
  if (pieces.length < 3)
    return err({ code: 'not-an-order' })
  // A router may have decoded the id already: then it may hold `~` and a bare `%`.
  const id = decode(pieces.length === 3 ? rawId : pieces.slice(2).join('~'))
  const parts = splitKey(`${shopper}:${merchant}:${id}`)
  if (parts === undefined || parts.id.length > limits.orderId)
    return err({ code: 'not-an-order' })
  return ok(orderKey(parts.shopper, parts.merchant, parts.id))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  }
  catch {
    return text
  }
}
