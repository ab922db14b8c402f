/** Messages in tags in the words of the fixture format: what a single message says by the fold's own gathering. */
import type { Pubkey } from '../../src/domain/brand'
import { gatherEndings } from '../../src/domain/order/endings'
import { gatherFulfilment } from '../../src/domain/order/fulfilment'
import { candidateKeys, orderKey } from '../../src/domain/order/keys'
import { gatherPayments } from '../../src/domain/order/payments'
import { asPlan } from '../../src/domain/order/plan'
import { weighReceipt } from '../../src/domain/order/receipt-proof'
import { gatherRequests } from '../../src/domain/order/requests'
import type { PlacedMessage, PlanMessage, ReceiptMessage, RequestMessage, StatusMessage, UnattributedMessage, WireMessage } from '../../src/domain/order/types'
import { asStatus } from '../../src/domain/order/unattributed'
import { records, textOf, type Case } from './fixture-set'
import type { Outcome } from './verdict'
import { payableOptions, type OptionContext, type PayableOption } from './payable-option'

export interface Told {
  readonly one: Case
  readonly message: WireMessage
  readonly parties: { readonly shopper: Pubkey, readonly merchant: Pubkey } | null
  readonly context: OptionContext
  /** Type 4 of kind 16, and Shopstr's subject for it. */
  readonly isShipping: boolean
}

export function toldOutcome(told: Told): Outcome {
  const { message, parties } = told
  const isPublic = message.transport === 'public'
  switch (message.type) {
    case 'order':
      return { outcome: message.throwAway === undefined ? 'accept' : 'unattributed', as: 'order', value: { ...orderView(message), public: isPublic }, message }
    case 'payment-request':
      return message.author === parties?.shopper
        ? { outcome: 'plan', as: 'payment-plan', value: planView(asPlan(message)), message }
        : { outcome: 'accept', as: 'payment-request', value: requestView(message, told.context), message }
    case 'plan':
      return { outcome: 'plan', as: 'payment-plan', value: planView(message), message }
    case 'status':
      return { outcome: 'accept', as: told.isShipping ? 'shipping' : 'status', value: statusView(message, parties?.shopper === message.author ? 'shopper' : 'merchant', parties?.merchant ?? message.author), message }
    case 'receipt':
      return { outcome: 'accept', as: 'receipt', value: receiptView(message, told.one), message }
    case 'unattributed':
      return { outcome: 'unattributed', as: NAMES[message.subject] ?? message.subject, value: unattributedView(message), message }
    case 'chat':
      return message.looksLikeOrder === undefined
        ? { outcome: 'chat', as: 'chat', value: { text: message.text, sentAt: message.sentAt, author: message.author }, message, order: message.orderId ?? null, public: isPublic }
        : { outcome: 'accept', as: 'order-like-chat', value: { order: message.looksLikeOrder, shopper: message.author, text: message.text }, message }
    case 'refusal':
      return { outcome: 'accept', as: 'refusal', value: message, message }
  }
}

const NAMES: Readonly<Record<string, string>> = { 'order-payment': 'payment-claim', 'order-receipt': 'self-note', 'shipping-info': 'shipping', 'order-completed': 'status' }

function orderView({ id, author, receiver, orderId, items, zoneId, name, address, contact, shopperMessage, amount, throwAway }: PlacedMessage) {
  return {
    key: orderKey(author, receiver, orderId), id: orderId, order: orderId, rumorId: id, shopper: author, merchant: receiver,
    items: items.map(({ productId, product, quantity, variant }) => ({ productId, productRef: product ?? null, quantity, variant: variant ?? '' })),
    shippingRef: zoneId, name, address, contact, shopperMessage, ...amountView(amount), claimedShopper: throwAway?.claims ?? null,
  }
}

const amountView = (amount: PlacedMessage['amount']) => ({ amountMsat: msatText(amount?.msat), amountText: amount?.text ?? '' })
const msatText = (msat: number | null | undefined): string | null => msat === null || msat === undefined ? null : String(msat)

/** What the same order's other copy did not say. */
export const detailsView = ({ id, name, address, contact }: Pick<PlacedMessage, 'name' | 'address' | 'contact'> & { readonly id: string }) =>
  ({ order: id, name, address: address.split('\n').filter(line => line !== ''), contact })

function requestView(request: RequestMessage, context: OptionContext) {
  const { orderId, text, msat, deadline, recipient } = request
  const read = payableOptions(request, context)
  return {
    order: orderId, text, msat: msatText(msat), deadline: deadline ?? null, recipient: recipient ?? null,
    options: read.map(optionView), payable: read.some(({ payable }) => payable), problem: read.find(({ problem }) => problem !== null)?.problem ?? null,
  }
}

const optionView = ({ option: { type, label, link }, payable, problem, invoice }: PayableOption) => ({
  type: type === 'cashu' ? label : type, link, payable, problem, supported: problem !== 'unsupported', paymentHash: invoice?.paymentHash ?? null,
  msat: msatText(invoice?.amount), ...(type === 'lnurl' && { address: link }),
})

const planView = (plan: PlanMessage) =>
  ({ order: plan.orderId, payee: plan.recipient, msat: msatText(plan.msat), lightningAddress: plan.lightningAddress ?? null, payable: 'options' in plan })

const etaOf = (eta: string | undefined): number | null => eta === undefined || eta === '' ? null : Number(eta)

function statusView(message: StatusMessage, by: 'shopper' | 'merchant', merchant: Pubkey) {
  const entries = [{ at: message.sentAt, id: message.id, by, message }]
  const fulfilled = gatherFulfilment(entries)
  const paid = gatherPayments(entries, gatherRequests(entries, merchant))
  const { words, exception, shipped, tracking } = fulfilled
  return {
    order: message.orderId, text: message.text, seen: message.seen ?? false, saidPaid: paid.strength === 'said', accepted: words.has('accepted'), processing: words.has('processing'),
    shipped, delivered: words.get('delivered')?.by ?? null, completed: words.get('completed')?.by ?? null, cancelled: gatherEndings(entries, fulfilled, paid).cancelled?.by ?? null,
    exception, tracking, eta: etaOf(tracking?.eta),
  }
}

function receiptView(message: ReceiptMessage, { payload }: Case) {
  const asked = new Set(records(payload['requests']).filter(row => row['order'] === message.orderId).map(row => textOf(row['paymentHash'])))
  return { order: message.orderId, msat: msatText(message.msat), ...weighReceipt(message, hash => asked.has(hash)) }
}

function unattributedView(message: UnattributedMessage) {
  const word = asStatus(message, message.author)
  const { payment, tracking } = message
  return {
    order: message.orderId, text: message.text, claimedShopper: message.claims ?? null, kind: message.status ?? null, changesOrder: candidateKeys(message).length > 0,
    shipped: word?.shipped === true ? 'claimed' : null, completed: word?.word === 'completed' ? 'claimed' : null, tracking: tracking ?? null, eta: etaOf(tracking?.eta),
    ...(payment !== undefined && { medium: payment.medium, secret: payment.token !== '', strength: weighReceipt({ preimage: payment.preimage, invoice: payment.reference }, () => false).strength, msat: msatText(payment.msat) }),
  }
}
