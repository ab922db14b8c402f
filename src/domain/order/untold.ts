import type { Hex32 } from '../brand'
import { isUnderWay } from './open-refund'
import { ownInvoices } from './own-invoices'
import { askedByHash } from './paid-state'
import type { Order } from './types'
import { untoldExcess, type ExcessFields } from './untold-excess'
import { isTakenAsPaid, isUnderpaid, saidUnderpaid } from './underpaid'
import type { UnderpaidWord } from './underpaid-word'

/** What the merchant's side knows of the money, and the shopper has not been told; or what is still to be found out. */
export type Untold =
  /** Counted by the merchant's judgement, without an invoice of his own. */
  | { readonly what: 'paid' }
  | { readonly what: 'underpaid' }
  /** A second time, or after the order had ended. */
  | { readonly what: 'excess', readonly payment: Hex32 }
  | { readonly what: 'refunded', readonly refund: string }
  /** A wallet was asked to pay it back, and never said what became of that. */
  | { readonly what: 'refund-unknown', readonly refund: string }

const OVER: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'failed'])

type Fields = ExcessFields & Pick<Order, 'issued' | 'refunds' | 'shipped'>

/** The own wallet shows a payment that no invoice of ours asked for, and 'paid' was never said: a crash or a refused signature came between. */
export function isCountedUntold(order: Pick<Fields, 'issued' | 'requests' | 'payments' | 'status'>): boolean {
  const own = new Set(ownInvoices(order).map(({ paymentHash }) => paymentHash))
  return !OVER.has(order.status) && !isTakenAsPaid(order)
    && order.payments.some(({ by, strength, paymentHash }) => by === 'own-wallet' && strength === 'proved' && paymentHash !== null && !own.has(paymentHash))
}

/** How much arrived by the invoice that asked for more; null: nothing of that kind, or it was said. */
export function untoldUnderpaid(order: Fields): (UnderpaidWord & { readonly asked: NonNullable<ReturnType<typeof askedByHash>> }) | null {
  // Who has shipped it has decided.
  if (OVER.has(order.status) || order.shipped || !isUnderpaid(order) || saidUnderpaid(order) !== undefined)
    return null
  for (const { by, strength, paymentHash, msat } of order.payments) {
    const asked = askedByHash(order, paymentHash)
    if (by === 'own-wallet' && strength === 'proved' && paymentHash !== null && msat !== null && asked !== null && msat < asked)
      return { hash: paymentHash, msat, asked }
  }
  return null
}

/** Everything of one order that is still to be said or found out, as its merchant. */
export function untoldOf(order: Fields): readonly Untold[] {
  return [
    ...isCountedUntold(order) ? [{ what: 'paid' } as const] : [],
    ...untoldUnderpaid(order) === null ? [] : [{ what: 'underpaid' } as const],
    ...untoldExcess(order).map(({ hash }) => ({ what: 'excess' as const, payment: hash })),
    ...order.refunds.flatMap((refund): Untold[] => {
      if (refund.state === 'paid' && !refund.told)
        return [{ what: 'refunded', refund: refund.id }]
      return isUnderWay(refund) && refund.via !== 'hand' && refund.via !== null ? [{ what: 'refund-unknown', refund: refund.id }] : []
    }),
  ]
}
