/** What we make of something that arrived: a public event, or a private message. */
import { readCurrency } from '../../src/domain/money/fiat'
import { candidateKeys, orderKey } from '../../src/domain/order/keys'
import type { WireMessage } from '../../src/domain/order/types'
import { isPubkey, toSeconds } from '../../src/domain/brand'
import { decodeMessage } from '../../src/domain/protocol/decode'
import { kinds, type NostrEvent, type OpenedMessage, type TaggedMessage } from '../../src/domain/protocol/event'
import { tagValue } from '../../src/domain/protocol/event-shape'
import { readPublicMessage } from '../../src/domain/protocol/gift-wrap'
import { wrapSince } from '../../src/domain/protocol/relay-list'
import { err, type Result } from '../../src/domain/result'
import type { Network } from '../../src/domain/invoice/types'
import { numberOf, recordOf, records, textOf, type Case, type Person } from './fixture-set'
import { knownMessages, orderAbout } from './known-messages'
import { openDirect, openWrap, verifiedEvent, type Refusal } from './open'
import { receivePublic } from './receive-listings'
import type { OptionContext } from './payable-option'
import { detailsView, toldOutcome } from './tagged-views'
import type { Outcome } from './verdict'
import { messageView } from './views'
import { msatOf, nowOf, partiesOf, personNamed, personOf, type World } from './world'

const refused = (reason: string): Outcome => ({ outcome: 'refuse', reason })

export function receive(one: Case, world: World): Outcome {
  const event = verifiedEvent(one.payload['event'])
  if (!event.ok)
    return refused(event.error.reason)
  return CARRIERS.has(event.value.kind) ? receiveMessage(one, event.value, world) : receivePublic(one, event.value, world)
}

const CARRIERS: ReadonlySet<number> = new Set([kinds.directMessage, kinds.giftWrap, kinds.chat, kinds.order, kinds.receipt])

/** Reasons for which a thing is passed over rather than refused. */
const PASSED_OVER: ReadonlySet<string> = new Set(['unsupported', 'repost', 'not-for-us'])

/** The device is his to whom the case says it goes; else the named receiver's; else that of the first `p`. */
function readerOf(one: Case, event: NostrEvent, world: World) {
  const tagged = tagValue(event, 'p')
  const [, to] = textOf(one.raw['direction']).split('→')
  return personNamed(world, to) ?? personNamed(world, one.payload['receiver']) ?? (isPubkey(tagged) ? personOf(world, tagged) : undefined)
}

const passedOver = (reason: string): Outcome => ({ outcome: PASSED_OVER.has(reason) ? 'ignore' : 'refuse', reason })

function openMessage(event: NostrEvent, reader: Person): Result<OpenedMessage, Refusal> {
  if (event.kind === kinds.directMessage)
    return openDirect(event, reader)
  if (event.kind === kinds.giftWrap)
    return openWrap(event, reader)
  const opened = readPublicMessage(event, reader.pubkey)
  return opened.ok ? opened : err({ reason: opened.error.code })
}

function receiveMessage(one: Case, event: NostrEvent, world: World): Outcome {
  const lastSeen = numberOf(one.payload['lastSeenWrap'])
  if (lastSeen !== null && event.created_at < wrapSince(toSeconds(lastSeen)))
    return refused('older than what we ask relays for')
  const reader = readerOf(one, event, world)
  if (reader === undefined)
    return refused('not-for-us')
  const opened = openMessage(event, reader)
  if (!opened.ok)
    return passedOver(opened.error.reason)
  if (typeof one.payload['plaintext'] === 'string' && opened.value.plaintext !== one.payload['plaintext'])
    return refused('another plaintext than the case names')
  const rumor = recordOf(one.payload['rumor'])['id']
  if (rumor !== undefined && opened.value.id !== rumor)
    return refused('another rumor than the case names')
  const decoded = decodeMessage(opened.value)
  if (!decoded.ok)
    return passedOver(decoded.error.code)
  if (opened.value.transport !== 'nip04')
    return told(one, opened.value, decoded.value.message, reader, world)
  const { message, chatReason } = decoded.value
  const value = messageView(message, optionContext(one, message, world))
  if (message.type === 'chat')
    return { outcome: 'chat', as: 'chat', value, message, ...(chatReason === null ? {} : { reason: chatReason }) }
  return isOfThatOrder(one, message, world)
    ? { outcome: 'accept', as: message.type, value, message }
    : { outcome: 'hold', as: message.type, reason: 'other-key', value, message }
}

function told(one: Case, opened: TaggedMessage, message: WireMessage, reader: Person, world: World): Outcome {
  const known = knownMessages(one, reader)
  const order = orderAbout(message, known, reader)
  const named: WireMessage = order === undefined || message.type === 'chat' ? message : { ...message, orderId: order.id }
  const isShipping = tagValue(opened, 'type') === '4'
  const outcome = toldOutcome({ one, message: named, parties: order ?? partiesOf(world, message.author, message.receiver), context: optionContext(one, named, world), isShipping })
  if (outcome.outcome === 'accept' && message.type !== 'chat' && !isOfThatOrder(one, message, world))
    return { ...outcome, outcome: 'hold', reason: 'other-key' }
  const isTwin = message.type === 'order' && order?.problems.includes('rewritten') === false && known.some(({ type }) => type === 'order')
  return { ...outcome, message, ...(isTwin && { as: 'order-details', value: { ...recordOf(outcome.value), ...detailsView(order) } }) }
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
    totals: expected === undefined ? null : { goods: none, shipping: none, total: none, totalMsat: expected, rate: null },
  }
}
