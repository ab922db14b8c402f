import type { EventId } from '../brand'
import { bySentAtThenId } from './sequence'
import type { OrderMessage } from './types'

const hasPin = (message: OrderMessage): boolean =>
  message.type === 'pinned' || ('pin' in message && message.pin !== undefined)

/** Order messages that the merchant's answers name, first answer first (the settled point on rewritten orders). */
export const pinsOf = (messages: readonly OrderMessage[]): readonly EventId[] =>
  messages.filter(hasPin).toSorted(bySentAtThenId).flatMap((message) => {
    if (message.type === 'pinned')
      return [message.orderMessage]
    return 'pin' in message && message.pin !== undefined ? [message.pin] : []
  })
