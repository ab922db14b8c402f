import type { OrderKey } from '../brand'
import { limits } from '../limits'
import { err, ok, type Result } from '../result'
import { orderKey, splitKey } from './keys'

/**
 * `shopper~merchant~id`: an order's key in a form that fits into a path. The id is percent-encoded with
 * `!` for `%`, so that a router which decodes once too often, or once too rarely, changes nothing.
 */
export function orderRouteId(order: OrderKey | { readonly key: OrderKey }): string {
  const key = typeof order === 'string' ? order : order.key
  const parts = splitKey(key)
  return parts === undefined ? '' : `${parts.shopper}~${parts.merchant}~${escapeId(parts.id)}`
}

const escapeId = (id: string): string =>
  // A lone surrogate would make encodeURIComponent throw; ids are a stranger's choice.
  encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/[!~]/g, sign => sign === '!' ? '%21' : '%7E').replaceAll('%', '!')

function unescapeId(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('!', '%'))
  }
  catch {
    return undefined
  }
}

/** What stands in the address bar was typed by anyone. */
export function parseRouteId(text: string): Result<OrderKey, { readonly code: 'not-an-order' }> {
  const [shopper = '', merchant = '', escaped = '', ...more] = text.split('~')
  const id = more.length > 0 ? undefined : unescapeId(escaped)
  const parts = id === undefined ? undefined : splitKey(`${shopper}:${merchant}:${id}`)
  if (parts === undefined || parts.id.length > limits.orderId)
    return err({ code: 'not-an-order' })
  return ok(orderKey(parts.shopper, parts.merchant, parts.id))
}
