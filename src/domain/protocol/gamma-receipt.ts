import type { Msat } from '../brand'
import type { ReceiptMessage } from '../order/types'
import type { TaggedMessage } from './event'
import type { Answer } from './gamma-envelope'
import type { PaymentTag, TagReader } from './gamma-tags'
import * as v from 'valibot'
import { err } from '../result'
import { orderId, schemaError } from './fields'
import { base, fine, refused } from './gamma-envelope'
import { amount, otherPaymentOf, payments, paymentTags, preimageOf } from './gamma-tags'

const ReceiptTags = v.object({ order: orderId, amount: v.optional(amount), payments: v.pipe(payments, v.minLength(1)) })

/** Kind 17: the shopper says that he paid, and what shows it (gamma.md §4). */
export function decodeReceipt(opened: TaggedMessage, tags: TagReader): Answer {
  const order = tags.one('order')
  // NIP-25: a reaction to a page of the web has the same kind.
  if (order === undefined)
    return refused('repost')
  const read = v.safeParse(ReceiptTags, { order, amount: tags.one('amount'), payments: paymentTags(tags) })
  if (!read.success)
    return err(schemaError(read.issues))
  const { payments: ways, amount: sum } = read.output
  const paid = ways.find(way => way.medium === 'lightning') ?? ways[0]
  return paid === undefined ? refused('schema', 'payment') : fine(receiptOf(opened, read.output.order, paid, sum?.msat ?? null))
}

export function receiptOf(opened: TaggedMessage, order: string, paid: PaymentTag, msat: Msat | null): ReceiptMessage {
  const lightning = paid.medium === 'lightning'
  const other = otherPaymentOf(paid)
  return {
    ...base(opened), type: 'receipt', orderId: order, msat,
    preimage: preimageOf(paid),
    invoice: lightning ? other.reference : '',
    ...((!lightning || other.token !== '') && { other }),
  }
}
