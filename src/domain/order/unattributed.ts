import type { EventId } from '../brand'
import { bySentAtThenId } from './sequence'
import type { LocalFact, OrderMessage, ReceiptMessage, StatusMessage, UnattributedMessage } from './types'

type Judgement = Extract<LocalFact, { readonly type: 'accept-unattributed' }>

/** What was said by hand about one message, oldest first: the last counts. */
export const judgementsOn = (messages: readonly OrderMessage[], message: EventId): readonly Judgement[] =>
  messages.flatMap(one => one.type === 'accept-unattributed' && one.message === message ? [one] : []).toSorted(bySentAtThenId)

/** What the owner of this device has said "I recognise this" to, and has not taken back (gamma.md §8.1). */
export function acceptedByHand(messages: readonly OrderMessage[]): ReadonlySet<EventId> {
  const words = new Map(messages.flatMap(message => message.type === 'unattributed' ? [[message.id, message.receiver] as const] : []))
  const accepted = new Set<EventId>()
  for (const judgement of messages.flatMap(message => message.type === 'accept-unattributed' ? [message] : []).toSorted(bySentAtThenId)) {
    // Only whom it was sent to can recognise it.
    if (words.get(judgement.message) !== judgement.author)
      continue
    if (judgement.takenBack)
      accepted.delete(judgement.message)
    else
      accepted.add(judgement.message)
  }
  return accepted
}

const wordBy = ({ id, sentAt, receiver, orderId, transport, dialect }: UnattributedMessage, author: StatusMessage['author']) =>
  ({ id, sentAt, author, receiver, orderId, transport, dialect })

/** A recognised message as the merchant's word, in Shopstr's subjects (orders.md §4). undefined: it says nothing of the goods. */
export function asStatus(message: UnattributedMessage, other: StatusMessage['author']): StatusMessage | undefined {
  const { text, tracking } = message
  const base = { ...wordBy(message, other), type: 'status' as const, text }
  switch (message.subject) {
    case 'shipping-info':
      return { ...base, shipped: true, ...(tracking !== undefined && { tracking }) }
    case 'order-completed':
      return { ...base, word: 'completed' }
    default:
      return undefined
  }
}

/** A recognised "I have paid" as the shopper's receipt: worth what its preimage hashes to, else a claim (T8). undefined: it is none. */
export function asReceipt(message: UnattributedMessage, other: ReceiptMessage['author']): ReceiptMessage | undefined {
  const { subject, payment } = message
  if (subject !== 'order-payment' || payment === undefined)
    return undefined
  const { preimage, msat, medium, reference, token } = payment
  const lightning = medium === 'lightning'
  return {
    ...wordBy(message, other), type: 'receipt', msat, preimage,
    invoice: lightning ? reference : '',
    ...((!lightning || token !== '') && { other: { medium, reference, token } }),
  }
}
