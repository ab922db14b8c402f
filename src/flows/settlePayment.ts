import type { Hex32, OrderKey } from '../domain/brand'
import { ownInvoices } from '../domain/order/own-invoices'
import { err, ok, type Result } from '../domain/result'
import type { InvoiceSource, InvoiceState } from '../ports/invoices'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { readOrder, readOwnOrder, type ReadOrderError } from './read-order'
import type { SendError } from './send'
import { tellPaid, type TellDeps } from './tellPaid'

export interface SettleDeps extends TellDeps {
  readonly source: Pick<InvoiceSource, 'lookup'>
}

export type SettleError = SendError | ReadOrderError | { readonly code: 'not-yours' | 'no-invoice' }
export interface Settled { readonly state: InvoiceState, readonly found: 'nothing' | 'payment' | 'second-payment' }

/**
 * Asks the own wallet about one issued invoice. Its word alone proves a payment to the merchant, whatever a push message or
 * a preimage said (T8). Run twice, by two tabs, after a crash: one fact, one 'paid' (T9).
 */
export async function settlePayment(deps: SettleDeps, key: OrderKey, paymentHash: Hex32): Promise<Result<Settled, SettleError>> {
  const me = deps.signer.pubkey
  const before = await readOwnOrder(deps, key, 'merchant')
  if (!before.ok)
    return before
  const { order } = before.value
  const invoice = ownInvoices(order).find(one => one.paymentHash === paymentHash)
  if (invoice === undefined)
    return err({ code: 'no-invoice' })
  const state = await deps.source.lookup(paymentHash, undefined, invoice)
  if (state.status !== 'settled')
    return ok({ state, found: 'nothing' })

  const settledAt = state.settledAt ?? deps.clock.now()
  const fact = localFact({ id: factId('wallet-settled', key, paymentHash), me, order: key, at: settledAt }, { type: 'wallet-settled', paymentHash, msat: state.received, settledAt })
  const kept = await keepFacts(deps, [fact])
  if (!kept.ok)
    return kept
  const after = await readOrder(deps, key, me)
  if (!after.ok)
    return after
  const told = await tellPaid(deps, after.value, state.received >= (invoice.asked ?? 0))
  if (!told.ok)
    return told
  const found = kept.value.added === 0 ? 'nothing' : after.value.order.problems.includes('paid-twice') ? 'second-payment' : 'payment'
  return ok({ state, found })
}
