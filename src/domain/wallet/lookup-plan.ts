import { toSeconds, type Hex32, type OrderKey, type Seconds } from '../brand'
import { isHeld } from '../order/held-money'
import type { InvoiceMaker } from '../order/invoice-maker'
import { openInvoices } from '../order/own-invoices'
import type { Order } from '../order/types'
import { nextLookupIn } from './poll-schedule'

/** An invoice of which it is not known yet whether it was paid. `expiresAt`: of one that is held, how long it is watched closely. */
export interface OpenInvoice extends InvoiceMaker { readonly order: OrderKey, readonly paymentHash: Hex32, readonly expiresAt: Seconds }

/** What is reserved is looked at as closely as what may still be paid: it goes back in time. */
const HELD_SECONDS = 24 * 3_600
function watchedUntil({ holds }: Pick<Order, 'holds'>, paymentHash: Hex32, expiresAt: Seconds): Seconds {
  const heldAt = holds.find(hold => hold.paymentHash === paymentHash && isHeld(hold))?.heldAt ?? null
  return heldAt === null ? expiresAt : toSeconds(Math.max(expiresAt, heldAt + HELD_SECONDS))
}

/** Invoices older than that are looked up by hand only. */
const WATCHED_SECONDS = 60 * 24 * 3_600
/** The newest ones are looked at every few seconds, the rest more slowly: wallets limit how often they are asked. */
const CLOSELY = 10
/** LNbits takes 200 requests a minute unless told otherwise (payments.md §3.6), and making invoices needs some of them. */
const SLOWLY_A_MINUTE = 100
const BACKGROUND_SECONDS = 60
const LONGEST_PAUSE = 30

/**
 * Finds the open invoices among all orders, the newest first. An order that has not changed is not looked into again, so that
 * what is over and done costs nothing but being passed by.
 */
export function openInvoiceFinder(): (orders: readonly Order[], now: Seconds) => readonly OpenInvoice[] {
  const known = new WeakMap<Order, readonly OpenInvoice[]>()
  const openOf = (order: Order): readonly OpenInvoice[] => {
    const found = known.get(order) ?? openInvoices(order).map(({ paymentHash, expiresAt, wallet, verify, byHand }) => ({ order: order.key, paymentHash, expiresAt: watchedUntil(order, paymentHash, expiresAt), ...wallet !== undefined && { wallet }, ...verify !== undefined && { verify }, ...byHand && { byHand } }))
    known.set(order, found)
    return found
  }
  return (orders, now) => {
    const open: OpenInvoice[] = []
    for (const order of orders) {
      for (const invoice of openOf(order)) {
        if (invoice.expiresAt > now - WATCHED_SECONDS)
          open.push(invoice)
      }
    }
    return open.sort((a, b) => b.expiresAt - a.expiresAt)
  }
}

export interface LookupNeeds<Invoice extends OpenInvoice> {
  /** The newest first. */
  readonly open: readonly Invoice[]
  readonly lookedAt: ReadonlyMap<Hex32, Seconds>
  /** Lookups under way. */
  readonly busy: ReadonlySet<Hex32>
  /** The page is in view. */
  readonly visible: boolean
  readonly now: Seconds
}

/** What to look up now, and after how many seconds to think again. Its cost grows with what is open, not with what is done. */
export function planLookups<Invoice extends OpenInvoice>({ open, lookedAt, busy, visible, now }: LookupNeeds<Invoice>): { readonly due: readonly Invoice[], readonly pause: number } {
  const payable = open.findIndex(({ expiresAt }) => expiresAt < now)
  const slowly = Math.max(0, (payable === -1 ? open.length : payable) - (visible ? CLOSELY : 0))
  const every = Math.max(BACKGROUND_SECONDS, Math.ceil(slowly * 60 / SLOWLY_A_MINUTE))
  const due: Invoice[] = []
  let pause = LONGEST_PAUSE
  for (const [rank, invoice] of open.entries()) {
    if (busy.has(invoice.paymentHash))
      continue
    const closely = visible && rank < CLOSELY
    const wait = nextLookupIn({ expiresAt: invoice.expiresAt, lookedAt: lookedAt.get(invoice.paymentHash) ?? null, watch: closely ? 'open' : 'background', ...(!closely && { every }) }, now)
    if (wait === 0)
      due.push(invoice)
    else if (wait !== null)
      pause = Math.min(pause, wait)
  }
  return { due, pause }
}
