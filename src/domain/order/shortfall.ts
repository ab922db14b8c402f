import type { Msat } from '../brand'
import { paidTo } from './excess'
import { askedByHash, oddAmount } from './paid-state'
import type { Order, Role } from './types'
import { isUnderpaid, saidUnderpaid } from './underpaid'

/** `arrived`, `asked`: null = nobody here knows. */
export interface Shortfall { readonly arrived: Msat | null, readonly asked: Msat | null }

/** What arrived of what was asked, as far as that side can know; null: enough came, or the merchant has taken it as paid. */
export function shortfallOf(order: Order, role: Role): Shortfall | null {
  if (!isUnderpaid(order))
    return null
  const own = order.payments.filter(({ by, strength }) => by === 'own-wallet' && strength === 'proved')
  // To the shopper the merchant's word says what has reached him; the merchant's own wallet says it better than his word.
  const said = role === 'merchant' && own.length > 0 ? undefined : saidUnderpaid(order)
  return said !== undefined
    ? { arrived: said.msat, asked: askedByHash(order, said.paymentHash) }
    : { arrived: paidTo(order, role), asked: oddAmount(order, role === 'merchant' ? own : order.payments)?.askedMsat ?? null }
}
