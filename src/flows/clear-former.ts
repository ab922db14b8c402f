import type { Hex32, OrderKey, Seconds } from '../domain/brand'
import { formerInvoices, isPaidUnseen, payableUntil, type FormerDoubt, type FormerInvoice } from '../domain/order/former-invoices'
import type { Order } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { InvoiceState } from '../ports/invoices'
import type { Clock } from '../ports/clock'
import type { Settled } from './settlePayment'

type Looked = Promise<Result<Settled, { readonly code: string }>>

/** How the former invoices of an order are asked about. */
export interface Formers {
  /** Asks the wallet that made it, and records what it says. */
  readonly lookUp: (key: OrderKey, paymentHash: Hex32) => Looked
  /** Tells the wallet to take no payment by it any more; only one that would be held can be given up. */
  readonly withdraw: (key: OrderKey, paymentHash: Hex32) => Looked
}

export type FormerError =
  /** To be said, and asked, before another one goes out; `until` null: nothing says how long. */
  | { readonly code: FormerDoubt, readonly until: Seconds | null, readonly withdrawable: boolean }
  | { readonly code: 'reserved' | 'former-not-withdrawn' }

/** Each costs the wallet a look; older ones have been looked at before. */
const MOST = 20
const DEAD: ReadonlySet<InvoiceState['status']> = new Set(['expired', 'cancelled', 'failed'])

/**
 * Before an order is asked for again, each invoice that it was asked with is looked up at its wallet: what was paid is
 * recorded, and found by whoever reads the order afterwards. Two that can both be paid go out only when the merchant
 * has read so (payments.md §8.4, T9).
 * @param despite what the merchant has read, and wants all the same
 * @returns those that their wallets are to give up before another one goes out
 */
export async function clearFormer({ clock, former }: { readonly clock: Pick<Clock, 'now'>, readonly former: Formers | null }, order: Order, despite: readonly FormerDoubt[]): Promise<Result<readonly FormerInvoice[], FormerError>> {
  if (former === null)
    return ok([])
  const unknown: FormerInvoice[] = []
  const payable: FormerInvoice[] = []
  for (const invoice of formerInvoices(order).slice(-MOST)) {
    const found = await former.lookUp(order.key, invoice.paymentHash)
    const status = found.ok ? found.value.state.status : 'unknown'
    if (status === 'accepted')
      return err({ code: 'reserved' })
    if (status === 'unknown')
      unknown.push(invoice)
    else if (status === 'pending' && clock.now() <= invoice.expiresAt)
      payable.push(invoice)
  }
  if (!despite.includes('former-unknown') && (unknown.length > 0 || isPaidUnseen(order)))
    return err({ code: 'former-unknown', until: payableUntil([...unknown, ...payable], clock.now())?.expiresAt ?? null, withdrawable: false })
  const open = payableUntil(payable, clock.now())
  // With what is not known it was said until when: one question is enough.
  if (open !== null && despite.length === 0)
    return err({ code: 'former-payable', until: open.expiresAt, withdrawable: open.withdrawable })
  return ok(payable.filter(({ withdrawable }) => withdrawable))
}

/**
 * First at its source, then the new one: what is asked for twice is never payable twice where that can be helped. Not before
 * there is a new one: the customer would be left with nothing to pay.
 */
export async function withdrawFormer(former: Formers, key: OrderKey, withdrawable: readonly FormerInvoice[]): Promise<Result<void, FormerError>> {
  for (const { paymentHash } of withdrawable) {
    const done = await former.withdraw(key, paymentHash)
    const status = done.ok ? done.value.state.status : 'unknown'
    if (status === 'accepted')
      return err({ code: 'reserved' })
    // Paid in the last moment: whoever reads the order now finds it.
    if (!DEAD.has(status) && status !== 'settled')
      return err({ code: 'former-not-withdrawn' })
  }
  return ok(undefined)
}
