import type { OrderKey } from '../domain/brand'
import type { RefundRecord } from '../domain/order/refund-types'
import type { Order } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { RefundDeps } from '../flows/payRefund'
import words from '../locales/refunds.en.json'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { loadDeskProgram } from './desk-flows'
import { notLoaded } from './lazy-flow'
import { filled } from './sent-words'
import { amountText } from './useMoney'
import { locked, useSender } from './useSender'

/** What the flows about money that goes back need. */
export function useRefundDeps(): (key: OrderKey) => Promise<Result<RefundDeps, typeof locked | typeof notLoaded>> {
  const { config, payAddress } = useServices()
  const orders = useOrdersStore()
  const sender = useSender()
  return async (key) => {
    const send = sender()
    if (send === null)
      return err(locked)
    const program = await loadDeskProgram().catch(() => null)
    return program === null ? err(notLoaded) : ok({
      ...send, payAddress,
      network: config.network,
      usedHashes: refund => program.usedHashesOf(orders.byKey.values(), { order: key, refund }),
      words: sentWordsOf,
    })
  }
}

/** What the shopper reads, on whatever client: with the proof, where there is one. */
function sentWordsOf({ number }: Order, { msat, reason, preimage }: RefundRecord): string {
  const line = filled(words.sent.back, { amount: amountText(msat), number, reason }).trim()
  return preimage === '' ? line : `${line}\n${filled(words.sent.proof, { preimage })}`
}
