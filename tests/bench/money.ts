/** What money costs in time: reading invoices, and watching open ones while nothing happens. */
import { performance } from 'node:perf_hooks'
import { toSeconds, type Hex32, type Seconds } from '../../src/domain/brand'
import { decodeInvoice } from '../../src/domain/invoice/bolt11'
import { checkInvoice } from '../../src/domain/invoice/check'
import { foldThread } from '../../src/domain/order/fold'
import { orderKey } from '../../src/domain/order/keys'
import type { Order } from '../../src/domain/order/types'
import { openInvoiceFinder, planLookups } from '../../src/domain/wallet/lookup-plan'
import { makeInvoice } from '../support/order-invoices'
import { local, merchantSays, people, placed, request, T0 } from '../support/order-messages'
import { toMsat } from '../../src/domain/brand'

export interface InvoiceFigures { readonly count: number, readonly ms: number, readonly refused: number }

/** Strict decoding with the payee's recovery, and every check that comes before a payment. */
export function measureInvoices(count: number): InvoiceFigures {
  const texts = Array.from({ length: count }, (_, i) => makeInvoice({ preimage: (i + 1).toString(16).padStart(64, '0'), msat: 1_000 * (i + 1), createdAt: T0 }).bolt11)
  const known = new Set<string>()
  let refused = 0
  const began = performance.now()
  for (const text of texts) {
    const invoice = decodeInvoice(text)
    const codes = invoice.ok ? checkInvoice(invoice.value, { now: toSeconds(T0 + 60), network: 'mainnet', knownHashes: known }) : ['unreadable']
    refused += codes.length > 0 ? 1 : 0
    if (invoice.ok)
      known.add(invoice.value.paymentHash)
  }
  return { count, ms: Math.round(performance.now() - began), refused }
}

/** The merchant's side of one order; done ones are paid, said and shipped. */
function orderAt(n: number, done: boolean): Order {
  const orderId = `bench-${n}`
  const key = orderKey(people.shopper, people.merchant, orderId)
  const invoice = makeInvoice({ preimage: (n + 1).toString(16).padStart(64, '0'), msat: 30_000, createdAt: T0 })
  const stamp = (at: number) => ({ n: n * 10 + at, at, orderId })
  const fact = (at: number, body: Parameters<typeof local>[2]) => local(stamp(at), people.merchant, body, key)
  const order = foldThread(key, [
    placed(stamp(0)),
    request(stamp(1), invoice),
    ...done
      ? [fact(2, { type: 'wallet-settled', paymentHash: invoice.paymentHash as Hex32, msat: toMsat(30_000), settledAt: toSeconds(T0 + 2) }), merchantSays(stamp(3), { saidPaid: true, shipped: true })]
      : [],
  ], { viewer: people.merchant })
  if (order === undefined)
    throw new TypeError('no order')
  return order
}

export interface IdleFigures { readonly open: number, readonly done: number, readonly lookupsAMinute: number, readonly cpuMsAMinute: number, readonly findAfterChangeMs: number }

/** An hour of watching in which nothing is paid, the page in view: as the desk's loop does it, each lookup answered at once. */
export function measureIdle(open: number, done: number): IdleFigures {
  const orders = [...Array.from({ length: done }, (_, i) => orderAt(i, true)), ...Array.from({ length: open }, (_, i) => orderAt(done + i, false))]
  const find = openInvoiceFinder()
  find(orders, toSeconds(T0))
  // One order changes: the list is put together anew.
  const changed = [...orders.slice(0, -1), orderAt(done + open - 1, false)]
  const before = performance.now()
  const invoices = find(changed, toSeconds(T0))
  const findAfterChangeMs = performance.now() - before

  const lookedAt = new Map<Hex32, Seconds>()
  const MINUTES = 50
  let lookups = 0
  let used = 0
  for (let now = T0; now < T0 + MINUTES * 60;) {
    const began = performance.now()
    const { due, pause } = planLookups({ open: invoices, lookedAt, busy: new Set(), visible: true, now: toSeconds(now) })
    used += performance.now() - began
    for (const { paymentHash } of due)
      lookedAt.set(paymentHash, toSeconds(now))
    lookups += due.length
    now += due.length > 0 ? 0 : Math.max(1, pause)
  }
  return { open, done, lookupsAMinute: Math.round((lookups - invoices.length) / MINUTES), cpuMsAMinute: Math.round(100 * used / MINUTES) / 100, findAfterChangeMs: Math.round(100 * findAfterChangeMs) / 100 }
}

export function printMoney(): number {
  const invoices = measureInvoices(10_000)
  console.log(`\n${invoices.count} invoices decoded, payee recovered, checked   ${invoices.ms} ms, ${(invoices.ms / invoices.count).toFixed(2)} ms each, ${invoices.refused} refused`)
  console.log('\nWatching open invoices while nothing happens, page in view')
  for (const done of [0, 1_000, 10_000]) {
    const idle = measureIdle(500, done)
    console.log(`500 open, ${String(done).padStart(6)} done   ${idle.lookupsAMinute} lookups a minute   ${idle.cpuMsAMinute} ms of planning a minute   list after a change ${idle.findAfterChangeMs} ms`)
  }
  return 0
}
