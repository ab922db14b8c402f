/** What we make of something that arrived: a public event, or a private message. */
import { readCurrency } from '../../src/domain/money/fiat'
import { amountBand } from '../../src/domain/order/amount-band'
import { candidateKeys, orderKey } from '../../src/domain/order/keys'
import type { WireMessage } from '../../src/domain/order/types'
import { isPubkey } from '../../src/domain/brand'
import { decodeMessage } from '../../src/domain/protocol/decode'
import { kinds, type NostrEvent } from '../../src/domain/protocol/event'
import { tagValue } from '../../src/domain/protocol/event-shape'
import type { OptionContext } from '../../src/domain/invoice/payable-option'
import type { Network } from '../../src/domain/invoice/types'
import { recordOf, records, textOf, type Case } from './fixture-set'
import { openDirect, verifiedEvent } from './open'
import { receivePublic } from './receive-listings'
import type { Outcome } from './verdict'
import { messageView } from './views'
import { msatOf, nowOf, partiesOf, personNamed, personOf, type World } from './world'

const refused = (reason: string): Outcome => ({ outcome: 'refuse', reason })

export function receive(one: Case, world: World): Outcome {
  const event = verifiedEvent(one.payload['event'])
  if (!event.ok)
    return refused(event.error.reason)
  return event.value.kind === kinds.directMessage ? receiveDirect(one, event.value, world) : receivePublic(one, event.value, world)
}

/** The device is the named receiver's; without a name, that of the first `p`. */
function readerOf(one: Case, event: NostrEvent, world: World) {
  const tagged = tagValue(event, 'p')
  return personNamed(world, one.payload['receiver']) ?? (isPubkey(tagged) ? personOf(world, tagged) : undefined)
}

function receiveDirect(one: Case, event: NostrEvent, world: World): Outcome {
  const reader = readerOf(one, event, world)
  if (reader === undefined)
    return refused('not-for-us')
  const opened = openDirect(event, reader)
  if (!opened.ok)
    return { outcome: opened.error.reason === 'not-for-us' ? 'ignore' : 'refuse', reason: opened.error.reason }
  if (typeof one.payload['plaintext'] === 'string' && opened.value.plaintext !== one.payload['plaintext'])
    return refused('another plaintext than the case names')
  const decoded = decodeMessage(opened.value)
  if (!decoded.ok)
    return refused(decoded.error.code)
  const { message, chatReason } = decoded.value
  const value = messageView(message, optionContext(one, message, world))
  if (message.type === 'chat')
    return { outcome: 'chat', as: 'chat', value, message, ...(chatReason === null ? {} : { reason: chatReason }) }
  return isOfThatOrder(one, message, world)
    ? { outcome: 'accept', as: message.type, value, message }
    : { outcome: 'hold', as: message.type, reason: 'other-key', value, message }
}

/** A message of an order belongs to the thread of those who trade, or waits in another one (orders.md §5.2). */
function isOfThatOrder(one: Case, message: WireMessage, world: World): boolean {
  if (message.type === 'order' || message.orderId === undefined)
    return true
  const named = recordOf(one.payload['order'])
  const parties = isPubkey(named['shopper']) && isPubkey(named['merchant'])
    ? { shopper: named['shopper'], merchant: named['merchant'] }
    : partiesOf(world, message.author, message.receiver)
  return parties !== null && candidateKeys(message).includes(orderKey(parties.shopper, parties.merchant, message.orderId))
}

const NETWORKS: ReadonlySet<string> = new Set<Network>(['mainnet', 'testnet', 'signet', 'regtest', 'simnet'])
const isNetwork = (text: string): text is Network => NETWORKS.has(text)

export function optionContext(one: Case, message: WireMessage, world: World): OptionContext {
  const { payload } = one
  const order = recordOf(payload['order'])
  const expected = msatOf(order['expectedMsat'])
  const currency = readCurrency(order['currency'] ?? 'sat') ?? 'SAT'
  const network = textOf(payload['network'])
  const none = { currency, minor: 0 }
  return {
    now: nowOf(one, message.sentAt > world.clock ? world.clock : message.sentAt),
    network: isNetwork(network) ? network : 'mainnet',
    order: message.orderId ?? '',
    orderOfHash: new Map(records(payload['requests']).map(row => [textOf(row['paymentHash']), textOf(row['order'])])),
    ...(expected === undefined
      ? {}
      : { amountFits: asked => ['within', 'below'].includes(amountBand(asked, { goods: none, shipping: none, total: none, totalMsat: expected, rate: null }, [])) }),
  }
}
