import type { Msat } from '../../domain/brand'
import type { Order } from '../../domain/order/types'

/**
 * What a shopper or merchant keeps of an order: whole numbers, times in UTC, names as ordered.
 * Amounts in `minor` are the currency's smallest unit, in `msat` thousandths of a satoshi.
 */
export function receiptJson(order: Order, names: { readonly merchant: string }): string {
  const totals = order.issued.at(-1)?.totals ?? order.snapshot?.totals ?? null
  const proof = order.payments.find(payment => payment.strength === 'proved') ?? order.payments.at(0)
  const iso = (at: number): string => new Date(at * 1000).toISOString()
  return JSON.stringify({
    number: order.number,
    orderId: order.id,
    status: order.status,
    placedAt: iso(order.placedAt),
    merchant: { key: order.merchant, name: names.merchant },
    shopper: { key: order.shopper, name: order.name },
    stall: order.snapshot?.stallName ?? null,
    items: order.snapshot?.lines.map(line => ({ productId: line.productId, name: line.name, ...(line.variant !== undefined && { variant: line.variant }), quantity: line.quantity, unitPrice: line.unitPrice, subtotal: line.subtotal }))
      ?? order.items.map(item => ({ productId: item.productId, ...(item.variant !== undefined && { variant: item.variant }), quantity: item.quantity })),
    goods: totals?.goods ?? null,
    shipping: totals?.shipping ?? null,
    total: totals?.total ?? null,
    rate: totals?.rate ?? null,
    askedMsat: order.request?.msat ?? null,
    payment: {
      strength: order.payment,
      receivedMsat: order.paidMsat,
      paymentHash: proof?.paymentHash ?? null,
      preimage: proof?.preimage ?? '',
      at: proof === undefined ? null : iso(proof.at),
    },
    refundedMsat: order.refundedMsat satisfies Msat,
    refunds: order.refunds.filter(({ state }) => state === 'paid').map(({ id, msat, fee, reason, paidAt, paymentHash, preimage, proved }) =>
      ({ id, msat, feeMsat: fee, reason, at: paidAt === null ? null : iso(paidAt), paymentHash, preimage, proved })),
  }, null, 2)
}
