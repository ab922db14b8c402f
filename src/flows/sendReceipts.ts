import type { OrderKey } from '../domain/brand'
import { receiptsDue } from '../domain/order/own-receipts'
import type { Order } from '../domain/order/types'
import { ok, type Result } from '../domain/result'
import { readOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export type ReceiptError = SendError | ReadOrderError
export interface ReceiptDeps extends SendDeps {
  /** The sentence for whoever reads it on a client that knows no receipts. */
  readonly receiptWords: (order: Order) => string
  /** The same, where nothing can show it. */
  readonly claimWords: (order: Order) => string
}

/**
 * Tells the merchant what the own wallet paid, with the preimage: to him a hint to look into his wallet (T8), to an empty device
 * of ours the proof (T5). What is only said to be paid, by the wallet or by the service that made the invoice, is told without
 * one: he learns of it all the same. What was sent once is in the journal, and is not sent again. Apart from paying: what goes wrong
 * here says nothing about the money.
 * @returns how many it sent
 */
export async function sendReceipts(deps: ReceiptDeps, key: OrderKey): Promise<Result<number, ReceiptError>> {
  const me = deps.signer.pubkey
  const first = await readOrder(deps, key, me)
  if (!first.ok)
    return first
  if (first.value.order.shopper !== me)
    return ok(0)
  const due = receiptsDue(first.value.order, first.value.messages, me)
  for (const { strength, preimage, paymentHash, msat } of due) {
    const now = await readOrder(deps, key, me)
    if (!now.ok)
      return now
    const { order, messages } = now.value
    const request = order.requests.find(one => one.paymentHash === paymentHash)
    await afterOwnMessages(deps, messages, me)
    const said = await sayAbout(deps, order, { say: 'receipt', msat: request?.msat ?? msat, invoice: request?.bolt11 ?? '', ...strength === 'proved' ? { preimage, text: deps.receiptWords(order) } : { preimage: '', text: deps.claimWords(order) } })
    if (!said.ok)
      return said
  }
  return ok(due.length)
}
