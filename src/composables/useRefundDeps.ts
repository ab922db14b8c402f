import type { OrderKey } from '../domain/brand'
import { usedHashesOf } from '../domain/order/refund-target'
import type { RefundRecord } from '../domain/order/refund-types'
import type { Order } from '../domain/order/types'
import type { RefundDeps } from '../flows/payRefund'
import words from '../locales/refunds.en.json'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { filled } from './sent-words'
import { amountText } from './useMoney'
import { useSender } from './useSender'

/** What the flows about money that goes back need; null while no account is open. */
export function useRefundDeps(): (key: OrderKey) => RefundDeps | null {
  const { config, payAddress } = useServices()
  const orders = useOrdersStore()
  const sender = useSender()
  return (key) => {
    const send = sender()
    return send === null ? null : {
      ...send, payAddress,
      network: config.network,
      usedHashes: refund => usedHashesOf(orders.byKey.values(), { order: key, refund }),
      words: sentWordsOf,
    }
  }
}

/** What the shopper reads, on whatever client: with the proof, where there is one. */
function sentWordsOf({ number }: Order, { msat, reason, preimage }: RefundRecord): string {
  const line = filled(words.sent.back, { amount: amountText(msat), number, reason }).trim()
  return preimage === '' ? line : `${line}\n${filled(words.sent.proof, { preimage })}`
}
