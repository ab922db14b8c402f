import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds, type Hex32, type OrderKey } from '../../../../src/domain/brand'
import { amountBand } from '../../../../src/domain/order/amount-band'
import { foldThread } from '../../../../src/domain/order/fold'
import { paymentHashOwners } from '../../../../src/domain/order/hash-owners'
import { claimableHash } from '../../../../src/domain/order/invoice-claim'
import { paymentPanel, type PanelNeeds } from '../../../../src/domain/order/payment-panel'
import type { OrderMessage, OrderTotals, RequestMessage } from '../../../../src/domain/order/types'
import { makeInvoice, type TestInvoice } from '../../../support/order-invoices'
import { chat, hex32, invoiceAt, KEY, local, merchantSays, people, placed, receipt, refusal, request, shopperSays, T0, walletPaid } from '../../../support/order-messages'
import { stallAddress } from '../../../support/shelf'

const totals = (msat: number | null, currency = 'SAT'): OrderTotals => {
  const money = { currency, minor: msat ?? 0 }
  return { goods: money, shipping: { currency, minor: 0 }, total: money, totalMsat: msat === null ? null : toMsat(msat), rate: null }
}
/** The shopper agreed to this much. */
const agreed = (msat: number | null, currency = 'SAT', side: 'shopper' | 'merchant' = 'shopper') =>
  local({ n: 90, at: 0 }, people[side], { type: 'snapshot', side, stall: stallAddress('sat'), stallName: 'Stall', zone: null, lines: [], totals: totals(msat, currency) })
const asked = request({ n: 2, at: 10 }, invoiceAt(0))

function panel(messages: readonly OrderMessage[], needs: Partial<Omit<PanelNeeds, 'order' | 'now'>> & { readonly after?: number } = {}) {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...messages])
  if (order === undefined)
    throw new TypeError('no order')
  const { after = 20, ...rest } = needs
  return paymentPanel({ order, now: toSeconds(T0 + after), outboxWaiting: false, network: 'mainnet', knownHashes: new Map(), accepted: null, ...rest })
}
const ask = (invoice: TestInvoice) => request({ n: 2, at: 10 }, invoice)
const odd = (spec: Partial<Parameters<typeof makeInvoice>[0]>) => makeInvoice({ preimage: '9'.repeat(64), msat: 30_000, createdAt: T0, ...spec })

describe('before an invoice is there', () => {
  test('an order that no relay took says so, and does not claim to wait for the merchant', () => {
    expect(panel([], { outboxWaiting: true })).toEqual({ type: 'not-sent' })
    expect(panel([], { after: 75 })).toEqual({ type: 'waiting-for-merchant', sinceSeconds: 75, reminder: 'early' })
    expect(panel([], { after: -75 })).toEqual({ type: 'waiting-for-merchant', sinceSeconds: 0, reminder: 'early' })
  })
  test('a refusal and an end are said', () => {
    expect(panel([refusal({ n: 2, at: 5 })])).toEqual({ type: 'refused', text: 'sold out' })
    expect(panel([asked, shopperSays({ n: 3, at: 15 }, { cancelled: true })])).toEqual({ type: 'ended' })
  })
  test('other ways to pay than Lightning are shown, not paid', () => {
    const options = [{ type: 'btc' as const, label: 'btc', link: 'bc1q' }]
    expect(panel([request({ n: 2, at: 10 }, '', { options })])).toMatchObject({ type: 'unsupported', options, elsewhere: { ways: [{ kind: 'onchain', text: 'bc1q', wrong: true }] } })
  })
})

describe('T7: an invoice is compared before anything can be paid', () => {
  test('T7: what fits is ready, with what was compared', () => {
    expect(panel([asked, agreed(30_000)])).toEqual({ type: 'ready', bolt11: invoiceAt(0).bolt11, msat: 30_000, expiresAt: T0 + 3_600, checks: { amount: 'within', agreedMsat: 30_000, oneTap: true } })
  })
  test.each<[string, TestInvoice, string, number | null]>([
    ['no amount', odd({ msat: null }), 'amount_missing', null],
    ['another network', odd({ prefix: 'lntb' }), 'wrong_network', 30_000],
    ['another test network', odd({ prefix: 'lnbcrt' }), 'wrong_network', 30_000],
    ['dead when it came', odd({ createdAt: T0 - 9_000 }), 'expired', 30_000],
  ])('T7: %s is never payable, not even after agreeing', (_name, invoice, code, msat) => {
    const state = panel([ask(invoice), agreed(30_000)], { accepted: invoice.paymentHash as Hex32 })
    expect(state).toEqual({ type: 'mismatch', codes: [code], askedMsat: msat, agreedMsat: 30_000, payable: false })
  })
  test('T7: a Gamma request whose invoice asks another amount than it says is never payable; after its deadline it is over', () => {
    const saying = (fields: Partial<RequestMessage>) => request({ n: 2, at: 10 }, invoiceAt(0), fields)
    expect(panel([saying({ msat: toMsat(29_000) }), agreed(30_000)], { accepted: hex32(invoiceAt(0).paymentHash) })).toEqual({ type: 'mismatch', codes: ['amount_mismatch'], askedMsat: 30_000, agreedMsat: 30_000, payable: false })
    expect(panel([saying({ msat: toMsat(30_000), deadline: toSeconds(T0 + 20) }), agreed(30_000)])).toMatchObject({ type: 'ready' })
    expect(panel([saying({ deadline: toSeconds(T0 + 19) }), agreed(30_000)])).toMatchObject({ type: 'expired' })
  })
  test('T7: an invoice with a good checksum and a bad signature is read for the order, and not payable', () => {
    const forged = odd({ forgeSignature: true })
    expect(foldThread(KEY, [placed({ n: 1, at: 0 }), ask(forged)])?.request).toMatchObject({ msat: 30_000 })
    expect(panel([ask(forged), agreed(30_000)], { accepted: hex32(forged.paymentHash) })).toMatchObject({ type: 'mismatch', codes: ['bad_signature'], payable: false })
  })
  test('T7: an invoice that cannot be read is a mismatch in words', () => {
    expect(panel([request({ n: 2, at: 10 }, 'lnbc1damaged'), agreed(30_000)])).toMatchObject({ type: 'mismatch', payable: false, askedMsat: null })
  })
  test('T7: an invoice of another order is not payable here, and the order that had it first keeps it', () => {
    const here = foldThread(KEY, [placed({ n: 1, at: 0 }), asked])
    const later = foldThread('x' as OrderKey, [])
    expect(later).toBeUndefined()
    const known = new Map([[invoiceAt(0).paymentHash as Hex32, 'another' as OrderKey]])
    expect(panel([asked, agreed(30_000)], { knownHashes: known })).toMatchObject({ type: 'mismatch', codes: ['payment_hash_reused'], payable: false })
    expect(panel([asked, agreed(30_000)], { knownHashes: paymentHashOwners(here === undefined ? [] : [here]) }).type).toBe('ready')
  })
  test('T7: another amount stops and asks; agreeing holds for that invoice alone', () => {
    const dear = [request({ n: 2, at: 10 }, invoiceAt(1)), agreed(30_000)]
    expect(panel(dear)).toEqual({ type: 'mismatch', codes: ['amount_mismatch'], askedMsat: 33_000, agreedMsat: 30_000, payable: true })
    expect(panel(dear, { accepted: hex32(invoiceAt(1).paymentHash) })).toMatchObject({ type: 'ready', msat: 33_000, checks: { amount: 'accepted' } })
    expect(panel(dear, { accepted: hex32(invoiceAt(0).paymentHash) }).type).toBe('mismatch')
  })
  test('T7: without an agreed amount on this device no wallet is asked in one tap', () => {
    expect(panel([asked])).toMatchObject({ type: 'ready', checks: { amount: 'unknown', agreedMsat: null, oneTap: false } })
    // The merchant's own totals are not what the shopper agreed to.
    expect(panel([asked, agreed(1, 'SAT', 'merchant')])).toMatchObject({ type: 'ready', checks: { amount: 'unknown' } })
  })
  test('the last second of an invoice still counts', () => {
    expect(panel([asked, agreed(30_000)], { after: 3_600 }).type).toBe('ready')
    expect(panel([asked, agreed(30_000)], { after: 3_601 })).toEqual({ type: 'expired', bolt11: invoiceAt(0).bolt11 })
  })
  test.each([
    [30_000, 'SAT', 30_000, 'within'], [30_000, 'SAT', 31_000, 'within'], [1_000_000, 'SAT', 1_020_000, 'ask'], [30_000, 'SAT', 33_000, 'above'], [30_000, 'SAT', 20_000, 'below'],
    [1_000_000, 'EUR', 1_010_000, 'within'], [100_000, 'EUR', 102_000, 'within'], [1_000_000, 'EUR', 1_010_001, 'ask'], [1_000_000, 'EUR', 1_030_000, 'ask'], [1_000_000, 'EUR', 1_030_001, 'above'], [1_000_000, 'EUR', 988_000, 'within'], [1_000_000, 'EUR', 987_000, 'below'], [null, 'EUR', 1, 'unknown'],
  ] as const)('T7: agreed %s msat in %s, asked %s: %s', (est, currency, inv, band) => {
    expect(amountBand(toMsat(inv), totals(est, currency), [{ productId: 'mug', quantity: 1 }])).toBe(band)
  })
})

describe('while and after paying', () => {
  const started = local({ n: 5, at: 20 }, people.shopper, { type: 'paying', paymentHash: hex32(invoiceAt(0).paymentHash), via: 'nwc' })
  test('a wallet that does not answer leaves no second way to pay until the invoice is dead', () => {
    expect(panel([asked, started], { after: 30 })).toEqual({ type: 'paying', via: 'nwc' })
    expect(panel([asked, started], { after: 81 })).toEqual({ type: 'outcome-unknown' })
    expect(panel([asked, started], { after: 3_700 })).toEqual({ type: 'expired-while-paying' })
    expect(panel([asked, started], { after: 4_201 })).toEqual({ type: 'could-not-check', over: true })
    // Not even by an invoice that came meanwhile.
    expect(panel([asked, started, request({ n: 6, at: 40 }, invoiceAt(1)), agreed(33_000)], { after: 90 })).toEqual({ type: 'outcome-unknown' })
  })
  test('T8: proved, said and claimed are three', () => {
    expect(panel([asked, walletPaid({ n: 6, at: 21 }, invoiceAt(0))])).toEqual({ type: 'paid', strength: 'proved', msat: 30_000, preimage: invoiceAt(0).preimage, silent: { since: T0 + 21, reminder: 'early' } })
    expect(panel([asked, merchantSays({ n: 6, at: 21 }, { saidPaid: true })])).toMatchObject({ type: 'paid', strength: 'said', preimage: null })
    expect(panel([asked, receipt({ n: 6, at: 21 }, invoiceAt(0), 'd'.repeat(64))])).toMatchObject({ type: 'paid', strength: 'claimed', msat: null })
  })
  test('T10: a page that still shows the former invoice learns that it was superseded', () => {
    const history = [asked, request({ n: 6, at: 15 }, invoiceAt(1)), agreed(33_000)]
    expect(panel(history, { shown: hex32(invoiceAt(0).paymentHash) })).toEqual({ type: 'superseded' })
    expect(panel(history)).toMatchObject({ type: 'ready', bolt11: invoiceAt(1).bolt11 })
  })
  test('T9: expired after a wallet outside had it: checking for a while, then expired; otherwise expired at once', () => {
    const shown = hex32(invoiceAt(0).paymentHash)
    expect(panel([asked, agreed(30_000)], { after: 3_700, shown })).toEqual({ type: 'checking', bolt11: invoiceAt(0).bolt11 })
    expect(panel([asked, agreed(30_000)], { after: 4_201, shown })).toMatchObject({ type: 'expired' })
    expect(panel([asked, agreed(30_000)], { after: 3_700 })).toMatchObject({ type: 'expired' })
  })
  test('T9: a code that was on the screen may have been scanned: checking as well, and no reason to hide what replaced it', () => {
    const onScreen = hex32(invoiceAt(0).paymentHash)
    expect(panel([asked, agreed(30_000)], { after: 3_700, onScreen })).toEqual({ type: 'checking', bolt11: invoiceAt(0).bolt11 })
    expect(panel([asked, agreed(30_000)], { after: 4_201, onScreen })).toMatchObject({ type: 'expired' })
    expect(panel([asked, agreed(30_000)], { after: 3_700, onScreen: hex32(invoiceAt(1).paymentHash) })).toMatchObject({ type: 'expired' })
    expect(panel([asked, request({ n: 6, at: 15 }, invoiceAt(1)), agreed(33_000)], { onScreen })).toMatchObject({ type: 'ready' })
  })
  test('a merchant who has not confirmed a payment is named, with since when; one who answered is not', () => {
    const paid = [asked, walletPaid({ n: 6, at: 21 }, invoiceAt(0))]
    expect(panel(paid, { after: 3_700 })).toMatchObject({ type: 'paid', silent: { since: T0 + 21, reminder: 'due' } })
    expect(panel([...paid, chat({ n: 7, at: 3_650 }, 'shopper', 'hello?')], { after: 3_700 })).toMatchObject({ silent: { reminder: 'sent' } })
    expect(panel([...paid, merchantSays({ n: 7, at: 40 }, { saidPaid: true })], { after: 3_700 })).not.toHaveProperty('silent')
    expect(panel([...paid, merchantSays({ n: 7, at: 40 }, { word: 'accepted' })], { after: 3_700 })).not.toHaveProperty('silent')
    expect(panel([asked, receipt({ n: 6, at: 21 }, invoiceAt(0), '')], { after: 3_700 })).toMatchObject({ strength: 'claimed', silent: { since: T0 + 21, reminder: 'due' } })
  })
  test('T8, T9: which invoice \'I have paid\' speaks of: the one that is shown, was taken before it, or was given to a silent wallet', () => {
    const [first, second] = [hex32(invoiceAt(0).paymentHash), hex32(invoiceAt(1).paymentHash)]
    const order = foldThread(KEY, [placed({ n: 1, at: 0 }), asked, started, request({ n: 6, at: 40 }, invoiceAt(1))])
    if (order === undefined)
      throw new TypeError('no order')
    for (const type of ['ready', 'checking', 'expired'] as const)
      expect(claimableHash({ type }, order, first)).toBe(second)
    expect(claimableHash({ type: 'superseded' }, order, first)).toBe(first)
    expect(claimableHash({ type: 'could-not-check' }, order, null)).toBe(first)
    for (const type of ['paid', 'paying', 'mismatch', 'ended', 'waiting-for-merchant'] as const)
      expect(claimableHash({ type }, order, first)).toBeNull()
  })
  test('T9: what was said of a former invoice is not to be said again: the panel knows it, and nothing is left to say it of', () => {
    const [first, second] = [hex32(invoiceAt(0).paymentHash), hex32(invoiceAt(1).paymentHash)]
    const said = [placed({ n: 1, at: 0 }), asked, receipt({ n: 6, at: 30 }, invoiceAt(0), ''), request({ n: 7, at: 40 }, invoiceAt(1)), agreed(33_000)]
    const order = foldThread(KEY, said)
    if (order === undefined)
      throw new TypeError('no order')
    expect(panel(said, { shown: first })).toEqual({ type: 'superseded', told: true })
    expect(claimableHash({ type: 'superseded' }, order, first)).toBeNull()
    expect(panel(said, { shown: second })).toMatchObject({ type: 'ready', afterClaim: true })
    expect(claimableHash({ type: 'ready' }, order, first)).toBe(second)
    const byWallet = [asked, started, receipt({ n: 6, at: 30 }, invoiceAt(0), ''), request({ n: 7, at: 40 }, invoiceAt(1)), agreed(33_000)]
    expect(panel(byWallet, { after: 100, canAsk: false })).toEqual({ type: 'could-not-check', over: false, told: true })
    expect(panel([asked, started, request({ n: 7, at: 40 }, invoiceAt(1)), agreed(33_000)], { after: 100, canAsk: false })).toEqual({ type: 'could-not-check', over: false })
    expect(panel([asked, started, receipt({ n: 6, at: 30 }, invoiceAt(0), ''), shopperSays({ n: 7, at: 40 }, { cancelled: true })], { after: 5_000, canAsk: false })).toEqual({ type: 'could-not-check', over: true, told: true })
  })
  test('T9: what is to be reserved may stay under way for a day; once it is said to go back, another invoice waits no longer than that', () => {
    const hash = hex32(invoiceAt(0).paymentHash)
    const reserved = request({ n: 2, at: 10 }, invoiceAt(0), { reserve: true })
    const back = merchantSays({ n: 7, at: 90 }, { hold: { state: 'released', hash } })
    const anew = request({ n: 8, at: 89_000 }, odd({ createdAt: T0 + 89_000 }))
    expect(panel([reserved, started], { after: 81 })).toEqual({ type: 'reserved', sure: false })
    expect(panel([reserved, started], { after: 3_600 + 86_400 })).toEqual({ type: 'reserved', sure: false })
    expect(panel([reserved, started], { after: 81, canAsk: false })).toEqual({ type: 'could-not-check', over: false })
    expect(panel([reserved, started, back], { after: 100 })).toEqual({ type: 'released', back: false })
    expect(panel([reserved, started, back, shopperSays({ n: 9, at: 95 }, { cancelled: true })], { after: 100 })).toEqual({ type: 'released', back: false })
    expect(panel([reserved, started, back, anew, agreed(30_000)], { after: 89_900 })).toEqual({ type: 'released', back: false })
    const over = 3_600 + 86_401
    expect(panel([reserved, started, back], { after: over })).toEqual({ type: 'released', back: true })
    expect(panel([reserved, started, back, shopperSays({ n: 9, at: 95 }, { cancelled: true })], { after: over })).toEqual({ type: 'ended' })
    expect(panel([reserved, started, back, anew, agreed(30_000)], { after: over })).toMatchObject({ type: 'ready', afterUnknown: true })
  })
  test('T9: a wallet that is gone can not be asked; another invoice may be paid only after the first is dead, with a warning', () => {
    expect(panel([asked, started], { after: 90, canAsk: false })).toEqual({ type: 'could-not-check', over: false })
    const reissued = [asked, started, request({ n: 6, at: 4_250 }, makeInvoice({ preimage: '8'.repeat(64), msat: 30_000, createdAt: T0 + 4_200 })), agreed(30_000)]
    expect(panel(reissued, { after: 4_300 })).toMatchObject({ type: 'ready', afterUnknown: true })
    expect(panel([asked, started, merchantSays({ n: 6, at: 40 }, { cancelled: true })], { after: 90 })).toEqual({ type: 'outcome-unknown' })
  })
  test('T9: less, more, twice, late and owed back are states of their own, once they are known', () => {
    const paid = (i: number, msat: number, n = 6, at = 21) => local({ n, at }, people.shopper, { type: 'wallet-paid', paymentHash: hex32(invoiceAt(i).paymentHash), preimage: invoiceAt(i).preimage, msat: toMsat(msat) })
    expect(panel([asked, paid(0, 29_000)])).toMatchObject({ type: 'underpaid', askedMsat: 30_000, msat: 29_000 })
    expect(panel([asked, paid(0, 31_000)])).toMatchObject({ type: 'overpaid', askedMsat: 30_000 })
    expect(panel([asked, request({ n: 3, at: 12 }, invoiceAt(2)), paid(0, 30_000), paid(2, 30_000, 7)])).toMatchObject({ type: 'paid-twice', msat: 60_000 })
    expect(panel([asked, request({ n: 3, at: 12 }, invoiceAt(2)), paid(0, 30_000)])).toMatchObject({ type: 'paid-late', after: 'reissue' })
    expect(panel([asked, shopperSays({ n: 3, at: 15 }, { cancelled: true }), paid(0, 30_000)])).toMatchObject({ type: 'paid-late', after: 'end', strength: 'proved' })
    expect(panel([asked, paid(0, 30_000), merchantSays({ n: 7, at: 30 }, { cancelled: true })])).toMatchObject({ type: 'refund-due' })
    // A bare word is none of these.
    expect(panel([asked, request({ n: 3, at: 12 }, invoiceAt(2)), receipt({ n: 6, at: 21 }, invoiceAt(0), '')])).toMatchObject({ type: 'paid', strength: 'claimed' })
  })
  test('T8, T9: twice and late by the merchant\'s word alone, with the amount that he names; his own proof makes it none', () => {
    const told = (what: 'twice' | 'late', i: number, msat = 30_000, n = 8, at = 30) => merchantSays({ n, at }, { excess: { what, hash: hex32(invoiceAt(i).paymentHash), msat: toMsat(msat) } })
    const again = request({ n: 3, at: 12 }, invoiceAt(2))
    const paid = merchantSays({ n: 6, at: 15 }, { saidPaid: true })
    const cancelled = shopperSays({ n: 4, at: 15 }, { cancelled: true })
    expect(panel([asked, again, paid, told('twice', 0, 29_000)])).toMatchObject({ type: 'paid-twice', strength: 'said', named: 29_000, msat: 59_000 })
    expect(panel([asked, cancelled, told('late', 0)])).toMatchObject({ type: 'paid-late', after: 'end', strength: 'said', named: 30_000, msat: 30_000 })
    expect(panel([asked, refusal({ n: 4, at: 15 }), told('late', 0)])).toMatchObject({ type: 'paid-late', after: 'end', strength: 'said', named: 30_000 })
    // By his clock it may come before the end that it names.
    expect(panel([asked, cancelled, told('late', 0, 30_000, 8, 13)])).toMatchObject({ type: 'paid-late', after: 'end' })
    expect(panel([asked, again, paid, told('twice', 0), told('twice', 0, 30_000, 9, 31)])).toMatchObject({ named: 30_000, msat: 60_000 })
    // What the own wallet shows as well is proved; two proofs are needed to show that there were two.
    const own = (i: number, n: number) => local({ n, at: 21 }, people.shopper, { type: 'wallet-paid', paymentHash: hex32(invoiceAt(i).paymentHash), preimage: invoiceAt(i).preimage, msat: toMsat(30_000) })
    expect(panel([asked, cancelled, own(0, 7), told('late', 0)])).toMatchObject({ type: 'paid-late', strength: 'proved', named: 30_000, msat: 30_000 })
    expect(panel([asked, again, own(0, 7), paid, told('twice', 0)])).toMatchObject({ type: 'paid-twice', strength: 'said', msat: 60_000 })
    expect(panel([asked, again, own(0, 7), own(2, 9), told('twice', 0)])).toMatchObject({ type: 'paid-twice', strength: 'proved', msat: 60_000 })
    expect(panel([asked, again, paid, told('twice', 0), merchantSays({ n: 9, at: 40 }, { takesBackPaid: true })]).type).toBe('ready')
    // Of what this order never asked with, and late where nothing has ended, it says nothing.
    expect(panel([asked, again, paid, told('twice', 3)])).toMatchObject({ type: 'paid' })
    expect(panel([asked, again, paid, told('late', 0)])).toMatchObject({ type: 'paid' })
  })
  test('a payment taken back by the merchant can be paid again', () => {
    expect(panel([asked, agreed(30_000), merchantSays({ n: 6, at: 15 }, { saidPaid: true }), merchantSays({ n: 7, at: 18 }, { takesBackPaid: true })]).type).toBe('ready')
  })
})
