import { toMsat } from '../../src/domain/brand'
import type { LocalFact } from '../../src/domain/order/types'
import { local, people } from './order-messages'
import { stallAddress } from './shelf'

/** The shopper's snapshot: this much was agreed to. */
export function agreedTo(msat: number): Extract<LocalFact, { type: 'snapshot' }> {
  const money = { currency: 'SAT', minor: msat }
  const body = { type: 'snapshot', side: 'shopper', stall: stallAddress('sat'), stallName: 'Stall', zone: null, lines: [], totals: { goods: money, shipping: { currency: 'SAT', minor: 0 }, total: money, totalMsat: toMsat(msat), rate: null } } as const
  const fact = local({ n: 90, at: 0 }, people.shopper, body)
  if (fact.type !== 'snapshot')
    throw new TypeError('no snapshot')
  return fact
}
