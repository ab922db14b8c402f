/** What was heard before a message, and which order it then belongs to. */
import { foldThreads } from '../../src/domain/order/fold'
import { splitKey } from '../../src/domain/order/keys'
import { messagesOfThread } from '../../src/domain/order/thread-entries'
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
  const all = [...known, message]
  return [...foldThreads(all, { viewer: viewer.pubkey }).orders.values()].find((order) => {
    const parts = splitKey(order.key)
    return parts !== undefined && messagesOfThread(all, order.key, parts).some(({ id }) => id === message.id)
  })
}
