/** What was heard before a message, and which order it then belongs to. */
import { indexOf } from '../../src/domain/order/thread-index'
import { messagesOfOrder, orderOf } from '../../src/domain/order/thread-order'
import type { Order, WireMessage } from '../../src/domain/order/types'
import { decodeMessage } from '../../src/domain/protocol/decode'
import { readEvent } from '../../src/domain/protocol/event-shape'
import { readPublicMessage } from '../../src/domain/protocol/gift-wrap'
import type { Case, Person } from './fixture-set'
import { knownOf } from './world'

export function knownMessages(one: Case, reader: Person): readonly WireMessage[] {
  return knownOf(one).flatMap((raw) => {
    const event = readEvent(raw)
    const opened = event.ok ? readPublicMessage(event.value, reader.pubkey) : null
    const decoded = opened?.ok === true ? decodeMessage(opened.value) : null
    return decoded?.ok === true ? [decoded.value.message] : []
  })
}

/** The order that a message is about, once all of them are folded. */
export function orderAbout(message: WireMessage, known: readonly WireMessage[], viewer: Person): Order | undefined {
  const index = indexOf([...known, message], viewer.pubkey)
  return [...index.threads.keys()].map(key => orderOf(index, key))
    .find(order => order !== undefined && messagesOfOrder(index, order.key).some(({ id }) => id === message.id))
}
