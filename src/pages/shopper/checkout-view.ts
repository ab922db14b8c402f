import type { CheckoutField } from '../../components/shop/checkout/checkout-form'
import { FIELDS, fieldError } from '../../components/shop/checkout/checkout-form'
import type { Address } from '../../domain/brand'
import type { CartLine } from '../../domain/cart/types'
import { extraFor } from '../../domain/catalog/product'
import type { Product, ShippingZone } from '../../domain/catalog/types'
import { addMoney, timesMoney } from '../../domain/money/fiat'
import type { Money } from '../../domain/money/types'

/** What a delivery costs for these lines; null where currencies meet or the sum is too large to be safe. */
export function zoneCost(zone: ShippingZone, lines: readonly CartLine[], products: ReadonlyMap<Address, Product>): Money | null {
  try {
    return lines.reduce<Money>((sum, line) => {
      const product = products.get(line.product)
      const extra = product === undefined ? null : timesMoney(extraFor(product, zone.id), line.quantity)
      return extra === null || extra.minor === 0 ? sum : sum.minor === 0 ? extra : addMoney(sum, extra)
    }, zone.cost)
  }
  catch (error) {
    if (error instanceof RangeError)
      return null
    throw error
  }
}

type Codes = Readonly<Partial<Record<CheckoutField, string>>>

/** Sentences for what is wrong, in the sequence of the page. */
export function errorList(codes: Codes): readonly { readonly field: CheckoutField, readonly text: string }[] {
  return FIELDS.flatMap((field) => {
    const code = codes[field]
    return code === undefined ? [] : [{ field, text: fieldError(code === 'missing' ? `${field}-missing` : code) }]
  })
}
