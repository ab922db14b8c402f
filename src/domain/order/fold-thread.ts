import type { Address, OrderKey, Pubkey, Seconds } from '../brand'
import type { Dialect } from '../catalog/listing-base'
import { heardAfter } from './dialect-choice'
import { gatherCancels, gatherEndings } from './endings'
import { withExcess } from './excess-said'
import { gatherFulfilment, timesOf } from './fulfilment'
import { gatherHeld } from './holds'
import { orderNumber, type KeyParts } from './keys'
import { asMerchantSees, gatherPayments } from './payments'
import { pinsOf } from './pins'
import { place, type Placing } from './place'
import { problemsOf } from './problems'
import { gatherRequests } from './requests'
import type { Entry } from './sequence'
import { statusOf } from './status-from-facts'
import { withinBounds } from './thread-bounds'
import { entriesOf } from './thread-entries'
import { timelineOf } from './timeline'
import type { LocalFact, Order, OrderMessage, Role } from './types'

interface FoldOptions {
  /** Whose device this is: own messages outlast a flood. */
  readonly viewer?: Pubkey
  /** Some message of this thread could as well belong to the mirrored one. */
  readonly ambiguous: boolean
}

/** The messages of one order, each once, as an index has put them together → the order; undefined while it has not come. */
export function foldParts(key: OrderKey, parts: KeyParts, thread: readonly OrderMessage[], { viewer, ambiguous }: FoldOptions): Order | undefined {
  const { orders, others, tooMany } = withinBounds(thread, viewer)
  const placing = place(orders, pinsOf(others))
  if (placing === undefined)
    return undefined

  const { entries, accepted } = entriesOf(others, parts, placing.counted.sentAt)
  const asked = gatherRequests(entries, parts.merchant)
  const fulfilled = gatherFulfilment(entries)
  const plain = gatherPayments(entries, asked)
  const paid = withExcess(plain, asked, () => asked.refusal !== null || gatherCancels(entries, fulfilled, plain).cancelled !== null)
  const counted = isMerchants(parts, viewer, entries) ? asMerchantSees(paid) : paid
  const ended = gatherEndings(entries, fulfilled, paid, counted)
  const held = gatherHeld(entries, asked, paid)
  const own = ownFields(entries)
  const gathered = { placing, asked, paid, fulfilled, ended, held, tooMany, ambiguous, short: own.stockShort === true }
  return {
    key,
    ...parts,
    ...placedFields(key, placing),
    updatedAt: lastChange(placing.counted.sentAt, entries),
    zoneId: asked.zoneId ?? placing.zoneId,
    requests: asked.requests,
    request: asked.inForce,
    refusal: asked.refusal === null ? null : { text: asked.refusal.text, at: asked.refusal.at },
    issued: paid.issued,
    payments: paid.payments,
    payment: paid.strength,
    paidMsat: paid.msat,
    paying: paid.paying?.hash ?? null,
    payingVia: paid.paying?.via ?? '',
    ...paid.paying?.wallet !== undefined && { payingWallet: paid.paying.wallet },
    payingSince: paid.paying?.since ?? null,
    status: statusOf(gathered),
    shipped: fulfilled.shipped,
    shippedAt: fulfilled.shippedSince?.at ?? null,
    fulfilment: timesOf(fulfilled.words),
    deliveredBy: fulfilled.words.get('delivered')?.by ?? null,
    exception: fulfilled.exception,
    tracking: fulfilled.tracking,
    statusText: fulfilled.statusText,
    cancelledBy: ended.cancelled?.by ?? null,
    cancelRequestedBy: ended.cancelRequestedBy,
    refunds: ended.refunds.refunds,
    refundedMsat: ended.refunds.refundedMsat,
    refundDeclined: ended.refunds.refundDeclined,
    refundAddress: ended.refunds.refundAddress,
    dispute: ended.dispute,
    plans: entries.filter(({ message }) => message.type === 'plan').length,
    unattributed: entries.filter(({ message, id }) => message.type === 'unattributed' && !accepted.has(id)).length,
    messageCount: orders.length + others.filter(message => message.transport !== 'local').length,
    chat: entries.flatMap(chatOf),
    heardIn: heardIn(parts, placing.dialect, entries),
    inTheOpen: thread.some(({ transport }) => transport === 'public'),
    throwAway: placing.counted.throwAway ?? null,
    ...own,
    ...held,
    timeline: timelineOf({ placing, entries, asked, paid, ended, accepted }),
    problems: problemsOf(gathered, counted),
  }
}

/** The own wallet's word and own invoices are on no other device than the merchant's. */
const isMerchants = ({ merchant, shopper }: KeyParts, viewer: Pubkey | undefined, entries: readonly Entry[]): boolean =>
  viewer === undefined || merchant === shopper
    ? entries.some(({ message }) => message.type === 'wallet-settled' || message.type === 'invoice-issued')
    : viewer === merchant

/** Words, and money that somebody has handed over: a token in a receipt is to be seen where one among words is. */
function chatOf({ id, at, by, message }: Entry): Order['chat'] {
  if (message.type === 'chat')
    return [{ id, by, text: message.text, at, ...(message.token !== undefined && { token: message.token }) }]
  const token = message.type === 'receipt' ? message.other?.token ?? '' : ''
  return token === '' ? [] : [{ id, by, text: '', at, token }]
}

function placedFields(key: OrderKey, { counted, dialect, items, name, address, contact, shopperMessage, resends }: Placing) {
  return {
    number: orderNumber(key, counted.sentAt),
    placedBy: counted.id,
    placedAt: counted.sentAt,
    dialect, items, name, address, contact, shopperMessage, resends,
  }
}

/** Only what a side wrote itself, after placing, tells how it speaks. */
function heardIn(parts: KeyParts, placedIn: Dialect, entries: readonly Entry[]): Order['heardIn'] {
  const heard: { [R in Role]?: Dialect } = {}
  for (const { by, message } of entries) {
    if (message.transport !== 'local' && message.type !== 'unattributed' && message.author === parts[by])
      heard[by] = heardAfter(heard[by] ?? placedIn, message)
  }
  return heard
}

/** Notes, labels and first looks are no news of the order. */
const QUIET: ReadonlySet<OrderMessage['type']> = new Set(['note', 'archived', 'snapshot', 'pinned', 'stock-taken', 'accept-unattributed', 'invoice-issued', 'paying', 'unattributed'])

const lastChange = (placedAt: Seconds, entries: readonly Entry[]): Seconds =>
  entries.reduce((latest, { at, message }) => at > latest && !QUIET.has(message.type) && !(message.type === 'hold' && message.step === 'prepared') ? at : latest, placedAt)

/** What this device keeps for itself; the newest of each counts. */
function ownFields(entries: readonly Entry[]): Pick<Order, 'snapshot' | 'stockTaken' | 'stockShort' | 'note' | 'archived'> {
  let snapshot: Extract<LocalFact, { type: 'snapshot' }> | null = null
  const stockTaken: Record<Address, Seconds> = {}
  let short = false
  let note = ''
  let archived = false
  for (const { by, message } of entries) {
    if (message.type === 'snapshot' && message.side === by)
      snapshot = message
    else if (message.type === 'stock-taken') {
      stockTaken[message.product] = message.listingAt
      short ||= message.short === true
    }
    else if (message.type === 'note')
      note = message.text
    else if (message.type === 'archived')
      archived = message.archived
  }
  return { snapshot, stockTaken, ...short && { stockShort: true }, note, archived }
}
