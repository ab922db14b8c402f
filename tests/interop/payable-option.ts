/** Each option of a payment request, judged by the panel that a shopper pays from (T7). */
import type { Hex32, OrderKey, Seconds } from '../../src/domain/brand'
import { isEventId, isHex32, toSeconds } from '../../src/domain/brand'
import type { Address } from '../../src/domain/brand'
import { decodeInvoice } from '../../src/domain/invoice/bolt11'
import type { DecodedInvoice, Network } from '../../src/domain/invoice/types'
import { foldThread } from '../../src/domain/order/fold'
import { orderKey } from '../../src/domain/order/keys'
import { paymentPanel, type PaymentPanelState } from '../../src/domain/order/payment-panel'
import type { LocalFact, OrderMessage, OrderTotals, PaymentOption, PlacedMessage, RequestMessage } from '../../src/domain/order/types'

export type OptionProblem = 'bad-invoice' | 'wrong-network' | 'expired' | 'no-amount' | 'hash-of-other-order' | 'amount-mismatch' | 'bad-url' | 'unsupported'

export interface OptionContext {
  readonly now: Seconds
  readonly network: Network
  /** Wire id of the order that is to be paid. */
  readonly order: string
  /** Wire id by payment hash, of every request this device has seen. */
  readonly orderOfHash: ReadonlyMap<string, string>
  /** What the shopper agreed to; null = nothing was agreed here. */
  readonly totals: OrderTotals | null
}

export interface PayableOption {
  readonly option: PaymentOption
  readonly payable: boolean
  readonly problem: OptionProblem | null
  readonly invoice: DecodedInvoice | null
}

export const payableOptions = (request: RequestMessage, context: OptionContext): readonly PayableOption[] =>
  request.options.map((option) => {
    const state = panelOf({ ...request, options: [option] }, context)
    const invoice = option.type === 'ln' ? decodeInvoice(option.link) : null
    const problem = problemOf(state, option)
    return { option, payable: problem === null, problem, invoice: invoice?.ok === true ? invoice.value : null }
  })

const factId = (digit: string) => {
  const id = digit.repeat(64)
  if (!isEventId(id))
    throw new TypeError('no id')
  return id
}

/** The order as the shopper's device has it once this request alone came. */
function panelOf(request: RequestMessage, { now, network, order, orderOfHash, totals }: OptionContext): PaymentPanelState {
  const { author: merchant, receiver: shopper, orderId, transport, dialect } = request
  const key = orderKey(shopper, merchant, orderId)
  const placed: PlacedMessage = { type: 'order', id: factId('1'), author: shopper, receiver: merchant, sentAt: toSeconds(0), transport, dialect, orderId, items: [], zoneId: '', name: '', address: '', contact: {}, shopperMessage: '' }
  const agreed: readonly LocalFact[] = totals === null ? [] : [{ type: 'snapshot', id: factId('2'), author: shopper, receiver: shopper, sentAt: toSeconds(0), transport: 'local', dialect, order: key, side: 'shopper', stall: '' as Address, stallName: '', zone: null, lines: [], totals }]
  // The reader's own clock judges it: the panel is opened when it comes. `recipient` would make it somebody else's part.
  const { pin: _pin, recipient: _recipient, ...asked } = { ...request, sentAt: now }
  const messages: readonly OrderMessage[] = [placed, ...agreed, asked]
  const folded = foldThread(key, messages, { viewer: shopper })
  if (folded === undefined)
    throw new TypeError('no order came out')
  const knownHashes = new Map([...orderOfHash].flatMap(([hash, id]): readonly (readonly [Hex32, OrderKey])[] => isHex32(hash) ? [[hash, id === order ? key : orderKey(shopper, merchant, `${id} of another`)]] : []))
  return paymentPanel({ order: folded, now, outboxWaiting: false, network, knownHashes, accepted: null })
}

/** The first that speaks against it, in this sequence. */
const CODES: readonly (readonly [string, OptionProblem])[] = [
  ['wrong_network', 'wrong-network'], ['payment_hash_reused', 'hash-of-other-order'], ['amount_missing', 'no-amount'], ['amount_mismatch', 'amount-mismatch'], ['expired', 'expired'],
]

function problemOf(state: PaymentPanelState, { type, link }: PaymentOption): OptionProblem | null {
  switch (state.type) {
    case 'ready':
      return null
    case 'expired':
      return 'expired'
    case 'mismatch':
      return CODES.find(([code]) => state.codes.some(one => one === code))?.[1] ?? 'bad-invoice'
    default:
      // Souk opens no page to pay on; the format tells one that nobody should open.
      return type === 'url' && !link.startsWith('https://') ? 'bad-url' : 'unsupported'
  }
}
