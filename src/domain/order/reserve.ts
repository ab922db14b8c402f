import type { Address } from '../brand'
import { countersOf } from '../catalog/choice'
import type { Product } from '../catalog/types'
import { productAddress } from './pricing'
import type { Order } from './types'

/** For which orders the merchant wants money reserved first, and taken only when the stock allows. */
export const reserveChoices = ['off', 'few', 'all'] as const
export type ReserveChoice = typeof reserveChoices[number]

/** With no more of something left than this, two people may well want the last one. */
export const FEW_PIECES = 3

export function wantsReserve(choice: ReserveChoice, order: Pick<Order, 'merchant' | 'items'>, products: ReadonlyMap<Address, Product>): boolean {
  return choice === 'all' || (choice === 'few' && order.items.some((line) => {
    const product = products.get(productAddress(order.merchant, line))
    return product !== undefined && countersOf(product, line.variant).some(({ stock }) => stock <= FEW_PIECES)
  }))
}
