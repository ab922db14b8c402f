import type { Pubkey } from '../brand'
import type { Order } from './types'

/** Where the merchant's words go. A key that was made for one message reads nothing: whom it claims to be does (gamma.md §8.1). */
export const whomToAnswer = ({ shopper, merchant, throwAway }: Pick<Order, 'shopper' | 'merchant' | 'throwAway'>): Pubkey =>
  throwAway === null || throwAway.claims === null || throwAway.claims === merchant ? shopper : throwAway.claims
