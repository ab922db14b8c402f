import { zoneName } from '../domain/catalog/shipping'
import type { OrderRefusal } from '../domain/order/stock'
import type { LineSnapshot, OrderTotals } from '../domain/order/types'
import words from '../locales/messages.en.json'
import { amountText } from './useMoney'

/** Sentences that go to the other side. */
export const sentWords = words.sent

/** Fills `{holes}`. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
}

interface Breakdown {
  readonly lines: readonly LineSnapshot[]
  readonly zone: { readonly id: string, readonly name: string } | null
  readonly totals: OrderTotals
  readonly reissued: boolean
}

/** What the amount is made of, for people on any client (nip15.md §8). */
export function breakdown({ lines, zone, totals, reissued }: Breakdown): string {
  const w = words.sent.request
  const goods = lines.map(({ quantity, name, variant, unitPrice }) =>
    filled(w.line, { quantity, name: variant === undefined ? name : `${name} (${variant})`, amount: amountText({ ...unitPrice, minor: unitPrice.minor * quantity }) }))
  const shipping = totals.shipping.minor === 0 ? [] : [filled(w.shipping, { zone: zone === null ? '' : ` (${zoneName(zone, w.zones)})`, amount: amountText(totals.shipping) })]
  const { rate, totalMsat } = totals
  const converted = rate === null || totalMsat === null
    ? []
    : [filled(w.converted, { sat: amountText(totalMsat), price: rate.btcPrice, currency: rate.currency, source: rate.doubt === 'one-source' ? filled(w.oneSource, { source: rate.source }) : rate.source })]
  return [...reissued ? [w.reissued] : [], ...goods, ...shipping, filled(w.total, { amount: amountText(totals.total) }), ...converted].join('\n')
}

/** By which way it goes instead. */
export const rezonedText = (zone: { readonly id: string, readonly name: string }): string => filled(words.sent.request.rezoned, { zone: zoneName(zone, words.sent.request.zones) })

/** Why an order is not taken, in one sentence. @param nameOf a product's name, if it is known */
export const refusalText = ({ code, productId, left }: OrderRefusal, nameOf: (productId: string) => string): string =>
  filled(words.sent.refusal[code], { name: productId === undefined ? '' : nameOf(productId), left: left ?? 0 })

