/** A set of messages and local facts, folded in every sequence. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { isEventId, isHex32, toMsat, toSeconds, type EventId, type OrderKey, type Pubkey } from '../../src/domain/brand'
import { foldThreads } from '../support/folded'
import { candidateKeys } from '../../src/domain/order/keys'
import { firstInvoice } from '../../src/domain/order/request-peek'
import type { LocalFact, Order, OrderMessage, WireMessage } from '../../src/domain/order/types'
import { numberOf, records, textOf, type Case, type Fields } from './fixture-set'
import { receive } from './receive'
import type { Outcome } from './verdict'
import { msatOf, personNamed, type World } from './world'
import { sequencesOf } from './sequences'

type Folded = ReturnType<typeof foldThreads>

/** @throws TypeError when a message of the set is refused, or a local fact is of no sort we know: the case then fails by name. */
export function foldCase(one: Case, world: World): Outcome {
  const viewer = personNamed(world, one.payload['viewer'])?.pubkey
  const wire = records(one.payload['messages']).map((raw, i) => openedMessage(raw, i, one, world))
  const local = records(one.payload['local']).map((raw, i) => localFact(raw, i, viewer, wire))
  const all = [...wire, ...local]
  const fold = (messages: readonly OrderMessage[]) => foldThreads(messages, viewer === undefined ? {} : { viewer })
  const first = fold(all)
  const text = canonical(first)
  const differing = one.payload['permute'] === true ? sequencesOf(all, one.id).find(sequence => canonical(fold(sequence)) !== text) : undefined
  return {
    outcome: 'fold',
    ...viewOf(first, wire),
    ...(differing === undefined ? {} : { broken: [`another result in the sequence ${differing.map(message => message.id.slice(0, 6)).join(' ')}`] }),
  }
}

function openedMessage(raw: Fields, place: number, one: Case, world: World): WireMessage {
  const outcome = receive({ ...one, payload: { ...raw } }, world)
  const message = outcome['message'] ?? outcome['value']
  if (!['accept', 'hold', 'chat', 'plan', 'unattributed'].includes(outcome.outcome) || message === undefined)
    throw new TypeError(`message ${place}: ${outcome.outcome} ${outcome.reason ?? ''}`)
  return decodedOf(outcome)
}

function decodedOf(outcome: Outcome): WireMessage {
  const { message } = outcome
  if (!isWire(message))
    throw new TypeError('no message came out')
  return message
}

const isWire = (value: unknown): value is WireMessage => typeof value === 'object' && value !== null && 'type' in value && 'sentAt' in value

const factId = (place: number, raw: Fields): EventId => {
  const id = bytesToHex(sha256(utf8ToBytes(`${place}${JSON.stringify(raw)}`)))
  if (!isEventId(id))
    throw new TypeError('no id')
  return id
}

/** The format's `local` entry as a fact of our own journal, in the thread that it speaks of. */
function localFact(raw: Fields, place: number, viewer: Pubkey | undefined, wire: readonly WireMessage[]): LocalFact {
  const at = toSeconds(numberOf(raw['at']) ?? 0)
  const paymentHash = textOf(raw['paymentHash'])
  const order = threadOf(paymentHash, wire)
  if (viewer === undefined || order === undefined)
    throw new TypeError(`local fact ${place}: of no thread`)
  const base = { id: factId(place, raw), author: viewer, receiver: viewer, sentAt: at, transport: 'local' as const, dialect: 'nip15' as const, order }
  const msat = msatOf(raw['msat']) ?? toMsat(0)
  switch (raw['type']) {
    case 'wallet-settled':
      return { ...base, type: 'wallet-settled', paymentHash: hashOf(paymentHash), msat, settledAt: at }
    case 'wallet-paid':
      return { ...base, type: 'wallet-paid', paymentHash: hashOf(paymentHash), preimage: textOf(raw['preimage']), msat }
    case 'paying':
      return { ...base, type: 'paying', paymentHash: hashOf(paymentHash), via: textOf(raw['via']) }
    case 'paying-failed':
      return { ...base, type: 'paying-failed', paymentHash: hashOf(paymentHash), reason: textOf(raw['reason']) }
    case 'pinned':
      return { ...base, type: 'pinned', orderMessage: idOf(raw['orderMessage'] ?? raw['message']) }
    case 'accept-unattributed':
      return { ...base, type: 'accept-unattributed', message: idOf(raw['message']) }
    case 'note':
      return { ...base, type: 'note', text: textOf(raw['text']) }
    case 'archived':
      return { ...base, type: 'archived', archived: raw['archived'] !== false }
    default:
      throw new TypeError(`local fact ${place}: unknown type ${textOf(raw['type'])}`)
  }
}

function idOf(value: unknown): EventId {
  if (!isEventId(value))
    throw new TypeError('a local fact names no message')
  return value
}
function hashOf(text: string) {
  if (!isHex32(text))
    throw new TypeError('a local fact names no payment hash')
  return text
}

/** The thread whose request has that payment hash, else the only one that an order message opens. */
function threadOf(paymentHash: string, wire: readonly WireMessage[]): OrderKey | undefined {
  const asked = wire.find(message => message.type === 'payment-request' && firstInvoice(message.options)?.paymentHash === paymentHash)
  const message = asked ?? wire.find(({ type }) => type === 'order')
  return message === undefined ? undefined : candidateKeys(message)[0]
}

/** Everything the fold says, as one text. */
const canonical = ({ orders, orphans, chat, dropped }: Folded): string =>
  JSON.stringify([[...orders].sort(byKey), [...orphans].sort(byKey).map(([key, list]) => [key, list.map(message => message.id)]), [...chat].sort(byKey), dropped])
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => a < b ? -1 : 1

function viewOf({ orders, orphans }: Folded, wire: readonly WireMessage[]): Readonly<Record<string, unknown>> {
  const opened = wire.find(({ type }) => type === 'order')
  const key = opened === undefined ? undefined : candidateKeys(opened)[0]
  const order = (key === undefined ? undefined : orders.get(key)) ?? [...orders.values()][0]
  const threads = new Set([...orders.keys(), ...orphans.keys()])
  const counts = { orders: orders.size, orphans: [...orphans.values()].flat().length, otherThreads: threads.size - (order === undefined ? 0 : 1) }
  return order === undefined ? { ...counts, status: null } : { ...counts, ...orderView(order) }
}

const orderView = (order: Order) => ({
  status: order.status,
  payment: order.payment,
  shipped: order.shipped,
  requestInForce: order.request?.paymentHash ?? null,
  superseded: order.requests.filter(request => request.supersededBy !== null).map(request => request.paymentHash),
  problems: order.problems,
  messages: order.messageCount,
  resends: order.resends,
  items: order.items,
  tracking: order.tracking,
  exception: order.exception,
  cancelledBy: order.cancelledBy,
  cancelRequestedBy: order.cancelRequestedBy,
  deliveredBy: order.deliveredBy,
  plans: order.plans,
  unattributed: order.unattributed,
  details: { name: order.name, address: order.address },
})
