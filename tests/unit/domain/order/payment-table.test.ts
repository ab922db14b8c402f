/** Every state of a payment × everything that can happen to it: what both sides then see, and which problems are named. */
import { expect, test } from 'vitest'
import { toMsat, toSeconds, type Hex32 } from '../../../../src/domain/brand'
import { isAskedAgain } from '../../../../src/domain/order/asked-again'
import { deskPaymentState, type DeskPaymentState } from '../../../../src/domain/order/desk-payment-state'
import { foldThread } from '../../../../src/domain/order/fold'
import { paymentPanel, type PaymentPanelState } from '../../../../src/domain/order/payment-panel'
import { paymentBadge } from '../../../../src/domain/order/status'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { hex32, invoiceAt, KEY, local, merchantSays, people, placed, receipt, refusal, request, settled, shopperSays, T0, walletPaid } from '../../../support/order-messages'
import { agreedTo } from '../../../support/payment-facts'

interface Step { readonly wire?: readonly OrderMessage[], readonly shopper?: readonly OrderMessage[], readonly merchant?: readonly OrderMessage[], readonly later?: number }
/** `n` and `at` of a step come from where it stands. */
type Happening = (n: number, at: number) => Step

const hashOf = (i: number): Hex32 => hex32(invoiceAt(i).paymentHash)
const paying = (n: number, at: number, i = 0) => local({ n, at }, people.shopper, { type: 'paying', paymentHash: hashOf(i), via: 'nwc' })
const held = (n: number, at: number) => local({ n, at }, people.merchant, { type: 'hold', step: 'held', paymentHash: hashOf(0), msat: toMsat(30_000), releaseAt: toSeconds(T0 + at + 600) })
/** 0 is asked first, 2 asks the same anew. */
const asked: Happening = (n, at) => ({ wire: [request({ n, at }, invoiceAt(0))] })
const reissued: Happening = (n, at) => ({ wire: [request({ n, at }, invoiceAt(2))] })

const events = {
  'asked': asked,
  'asked anew': reissued,
  'expiry': () => ({ later: 3_700 }),
  'long after': () => ({ later: 90_000 }),
  'paying begins': (n, at) => ({ shopper: [paying(n, at)] }),
  'no answer': (n, at) => ({ shopper: [paying(n, at)], later: 120 }),
  'wallet says no': (n, at) => ({ shopper: [paying(n, at), local({ n: n + 1, at: at + 1 }, people.shopper, { type: 'paying-failed', paymentHash: hashOf(0), reason: 'declined' })] }),
  'wallet paid': (n, at) => ({ shopper: [walletPaid({ n, at }, invoiceAt(0))] }),
  'receipt': (n, at) => ({ wire: [receipt({ n, at }, invoiceAt(0))] }),
  'receipt, no proof': (n, at) => ({ wire: [receipt({ n, at }, invoiceAt(0), '')] }),
  'first settled': (n, at) => ({ merchant: [settled({ n, at }, invoiceAt(0))] }),
  'second settled': (n, at) => ({ merchant: [settled({ n, at }, invoiceAt(2))] }),
  'unknown settled': (n, at) => ({ merchant: [settled({ n, at }, invoiceAt(3))] }),
  'settled for less': (n, at) => ({ merchant: [settled({ n, at }, invoiceAt(0), 29_999)] }),
  'less said': (n, at) => ({ wire: [merchantSays({ n, at }, { underpaid: { hash: hashOf(0), msat: toMsat(29_000) } })] }),
  'second said too much': (n, at) => ({ wire: [merchantSays({ n, at }, { excess: { what: 'twice', hash: hashOf(2), msat: toMsat(30_000) } })] }),
  'first said late': (n, at) => ({ wire: [merchantSays({ n, at }, { excess: { what: 'late', hash: hashOf(0), msat: toMsat(30_000) } })] }),
  'settled for more': (n, at) => ({ merchant: [settled({ n, at }, invoiceAt(0), 60_000)] }),
  'said paid': (n, at) => ({ wire: [merchantSays({ n, at }, { saidPaid: true })] }),
  'taken back': (n, at) => ({ wire: [merchantSays({ n, at }, { takesBackPaid: true })] }),
  'shopper cancels': (n, at) => ({ wire: [shopperSays({ n, at }, { cancelled: true })] }),
  'merchant cancels': (n, at) => ({ wire: [merchantSays({ n, at }, { cancelled: true })] }),
  'refusal': (n, at) => ({ wire: [refusal({ n, at })] }),
  'held': (n, at) => ({ wire: [merchantSays({ n, at }, { hold: { state: 'held', hash: hashOf(0) } })], merchant: [held(n + 1, at)] }),
  'given back': (n, at) => ({ wire: [merchantSays({ n, at }, { hold: { state: 'released', hash: hashOf(0) } })], merchant: [local({ n: n + 1, at }, people.merchant, { type: 'hold', step: 'released', paymentHash: hashOf(0), reason: 'by-hand' })] }),
} satisfies Readonly<Record<string, Happening>>

/** How each state comes about. */
const states: Readonly<Record<string, readonly Happening[]>> = {
  'not asked': [],
  'ready': [asked],
  'replaced': [asked, reissued],
  'expired': [asked, events.expiry],
  'paying': [asked, events['paying begins']],
  'unknown': [asked, events['no answer']],
  'expired while paying': [asked, events['no answer'], events.expiry],
  'could not check': [asked, events['no answer'], events['long after']],
  'reserved': [asked, events.held],
  'reserved while paying': [asked, events['no answer'], events.held],
  'given back': [asked, events.held, events['given back']],
  'failed': [asked, events['wallet says no']],
  'claimed': [asked, events['receipt, no proof']],
  'proved to the shopper': [asked, events['wallet paid'], events.receipt],
  'said': [asked, events['said paid']],
  'proved': [asked, events['first settled'], events['said paid']],
  'underpaid': [asked, events['settled for less']],
  'overpaid': [asked, events['settled for more'], events['said paid']],
  'paid the former': [asked, reissued, events['first settled'], events['said paid']],
  'paid twice': [asked, reissued, events['first settled'], events['second settled'], events['said paid']],
  'paid twice, and told': [asked, reissued, events['first settled'], events['said paid'], events['second settled'], events['second said too much']],
  'cancelled': [asked, events['shopper cancels']],
  'paid late, and told': [asked, events['shopper cancels'], events['first settled'], events['first said late']],
  'cancelled when paid': [asked, events['first settled'], events['said paid'], events['merchant cancels']],
  'refused': [asked, events.refusal],
}

interface Sides { readonly shopper: PaymentPanelState, readonly merchant: DeskPaymentState, readonly orders: readonly [Order, Order], readonly facts: readonly OrderMessage[] }

function after(happenings: readonly Happening[]): Sides {
  let now = 10
  const wire: OrderMessage[] = [placed({ n: 1, at: 0 })]
  const shopper: OrderMessage[] = [agreedTo(30_000)]
  const merchant: OrderMessage[] = [0, 2].map(i => local({ n: 80 + i, at: 1 }, people.merchant, { type: 'invoice-issued', attempt: i + 1, paymentHash: hashOf(i), bolt11: invoiceAt(i).bolt11, asked: toMsat(30_000), expiresAt: toSeconds(invoiceAt(i).expiresAt), totals: agreedTo(30_000).totals, zoneId: 'zone-1' }))
  for (const [i, happening] of happenings.entries()) {
    const step = happening(100 + 10 * i, now)
    wire.push(...step.wire ?? [])
    shopper.push(...step.shopper ?? [])
    merchant.push(...step.merchant ?? [])
    now += 10 + (step.later ?? 0)
  }
  const folded = (own: readonly OrderMessage[]): Order => {
    const order = foldThread(KEY, [...wire, ...own])
    if (order === undefined)
      throw new TypeError('no order')
    return order
  }
  const [bought, sold] = [folded(shopper), folded(merchant)]
  const rest = { now: toSeconds(T0 + now), network: 'mainnet', knownHashes: new Map() } as const
  return {
    shopper: paymentPanel({ order: bought, outboxWaiting: false, accepted: null, ...rest }),
    merchant: deskPaymentState({ order: sold, unreachable: false, ...rest }),
    orders: [bought, sold],
    facts: [...wire, ...merchant],
  }
}

const strengthOf = (state: PaymentPanelState | DeskPaymentState): string => 'strength' in state && state.type === 'paid' ? ` (${state.strength})` : 'after' in state ? ` (${state.after})` : ''
const cell = ({ shopper, merchant, orders }: Sides): string =>
  `${shopper.type}${strengthOf(shopper)} | ${merchant.type}${strengthOf(merchant)} | ${[...new Set(orders.flatMap(({ problems }) => problems))].join(', ') || '–'}`

const cells = Object.entries(states).flatMap(([name, history]) => Object.entries<Happening>(events).map(([event, happening]) => ({ name, event, sides: after([...history, happening]) })))

test('T8, T9, T10: the whole table, state × event, as it stands in the file', async () => {
  const before = Object.entries(states).map(([name, history]) => `| ${name} | – | ${cell(after(history))} |`)
  const rows = cells.map(({ name, event, sides }) => `| ${name} | ${event} | ${cell(sides)} |`)
  await expect([
    '| state | event | shopper | merchant | problems |', '| --- | --- | --- | --- | --- |', ...before, ...rows, '',
  ].join('\n')).toMatchFileSnapshot('payment-table.md')
})

test('every state of either side stands somewhere in the table, but those that need no payment or another wallet', () => {
  const seen = (side: 'shopper' | 'merchant') => new Set<string>(cells.map(({ sides }) => sides[side].type))
  const elsewhere = ['not-sent', 'prepaid', 'superseded', 'checking', 'unsupported']
  for (const type of ['waiting-for-merchant', 'ready', 'paying', 'outcome-unknown', 'expired-while-paying', 'could-not-check', 'reserved', 'released', 'paid', 'paid-twice', 'paid-late', 'refund-due', 'mismatch', 'expired', 'refused', 'ended'])
    expect(seen('shopper'), type).toContain(type)
  for (const type of ['not-invoiced', 'waiting', 'expired', 'checking', 'reserved', 'released', 'paid', 'underpaid', 'overpaid', 'paid-twice', 'paid-late', 'refund-due', 'refused', 'ended'])
    expect(seen('merchant'), type).toContain(type)
  expect([...seen('shopper')].filter(type => elsewhere.includes(type))).toEqual([])
})

test.each(cells.map(({ name, event, sides }) => [name, event, sides] as const))('%s, then %s: the laws hold', (_name, _event, { shopper, merchant, orders: [bought, sold], facts }) => {
  const settledHashes = new Set(facts.flatMap(message => message.type === 'wallet-settled' ? [message.paymentHash] : []))
  const said = sold.payments.some(({ strength }) => strength === 'said')
  // T8: to the merchant nothing but the own wallet proves.
  if (merchant.type === 'paid' && merchant.strength === 'proved')
    expect(settledHashes.size).toBeGreaterThan(0)
  if (settledHashes.size === 0 && !said)
    expect(['paid', 'underpaid', 'overpaid', 'paid-twice', 'paid-late', 'refund-due']).not.toContain(merchant.type)
  if (!said)
    expect(paymentBadge(sold, 'merchant') === 'said').toBe(false)
  // T8: nor does anything come to be owed back.
  if (settledHashes.size === 0 && !said)
    expect(sold.problems.filter(problem => ['paid-twice', 'refund-due', 'underpaid', 'overpaid', 'paid-superseded', 'refused-after-paid'].includes(problem))).toEqual([])
  // T9: what arrived is on the desk whatever else happened, and two are two.
  if (settledHashes.size > 0)
    expect(['paid', 'underpaid', 'overpaid', 'paid-twice', 'paid-late', 'refund-due']).toContain(merchant.type)
  if (settledHashes.size > 1)
    expect(merchant.type).toBe('paid-twice')
  // T9, T10: a way to pay is there only where nothing was paid, or the merchant asks anew after a word that nothing shows, nothing is under way that may arrive, and for the newest invoice alone.
  if (shopper.type === 'ready') {
    expect(bought.payment === 'unpaid' || (shopper.afterClaim === true && isAskedAgain(bought))).toBe(true)
    expect(bought.refusal).toBeNull()
    expect(shopper.bolt11).toBe(bought.request?.bolt11)
    expect(bought.request?.supersededBy).toBeNull()
  }
  if (bought.cancelledBy !== null || bought.status === 'refunded')
    expect(['ended', 'paid-late', 'paid-twice', 'refund-due', 'paying', 'outcome-unknown', 'expired-while-paying', 'could-not-check', 'reserved', 'released', ...bought.cancelledBy === 'merchant' && bought.payment === 'unpaid' ? ['refused'] : []]).toContain(shopper.type)
})
