import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds, type Address } from '../../../../src/domain/brand'
import type { Rate } from '../../../../src/domain/money/types'
import { booksCsv, booksJson } from '../../../../src/domain/order/books/files'
import { isPeriod, periodsOf, within } from '../../../../src/domain/order/books/period'
import { bookRows, booksOf } from '../../../../src/domain/order/books/rows'
import { toSats, totalsOf } from '../../../../src/domain/order/books/totals'
import type { BookRow, Sats } from '../../../../src/domain/order/books/types'
import { receivedMsat } from '../../../../src/domain/order/excess'
import { foldThread } from '../../../../src/domain/order/fold'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { history } from '../../../support/order-histories'
import type { TestInvoice } from '../../../support/order-invoices'
import { hex32, idOf, invoiceAt, KEY, local, merchantSays, people, placed, receipt, refundPaid, refusal, request, settled, T0 } from '../../../support/order-messages'

const fold = (...messages: readonly OrderMessage[]): Order => foldFor('Ida', messages)
function foldFor(name: string, messages: readonly OrderMessage[]): Order {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }, { name }), ...messages], { viewer: people.merchant })
  if (order === undefined)
    throw new TypeError('no order')
  return order
}
const rate: Rate = { currency: 'EUR', btcPrice: '50000', source: 'a.example, b.example', at: toSeconds(T0 + 5) }
const eur = (minor: number) => ({ currency: 'EUR', minor })
/** An invoice for so many cents, at 50 000 € a bitcoin. */
const issued = (n: number, at: number, invoice: TestInvoice, cents: number): OrderMessage => local({ n, at }, people.merchant, {
  type: 'invoice-issued', attempt: 1, paymentHash: hex32(invoice.paymentHash), bolt11: invoice.bolt11, asked: toMsat(invoice.msat ?? 0), expiresAt: toSeconds(T0 + 3_600), zoneId: 'zone-1',
  totals: { goods: eur(cents), shipping: eur(0), total: eur(cents), totalMsat: toMsat(invoice.msat ?? 0), rate },
})
const asked = [issued(20, 9, invoiceAt(0), 1_501), request({ n: 2, at: 10 }, invoiceAt(0))]
const back = (n: number, at: number, id: string, msat: number, fee: number | null = null) =>
  refundPaid({ n, at }, id, { msat: toMsat(msat), fee: fee === null ? null : toMsat(fee), via: 'nwc', paymentHash: hex32(`${n}`.padStart(64, '0')), preimage: '' })
const brief = ({ type, state, marks, moved, strength, saidBy }: BookRow) => [type, state, marks.join(' '), moved, strength, saidBy]
const msatOf = ({ sat, msat }: Sats): number => sat * 1_000 + msat

describe('one line for each attempt and each refund', () => {
  test('what the own wallet saw: with invoice, price, source and time', () => {
    const [row, ...more] = bookRows(fold(...asked, settled({ n: 3, at: 20 }, invoiceAt(0))))
    expect(more).toEqual([])
    expect(row).toMatchObject({
      type: 'payment', state: 'paid', marks: [], at: T0 + 20, askedAt: T0 + 10, paidAt: T0 + 20, order: { id: 'order-1' }, customer: people.shopper, customerName: 'Ida', paymentHash: invoiceAt(0).paymentHash,
      asked: 30_000, moved: 30_000, fee: null, currency: 'EUR', totalMinor: 1_501, valueMinor: 1_501, btcPrice: '50000', priceSource: 'a.example, b.example', pricedAt: T0 + 5, memo: '1 × mug', strength: 'proved', saidBy: 'own-wallet',
    })
  })
  test('T8: a preimage of the shopper\'s is a claim, and no money; the own word is his word', () => {
    expect(bookRows(fold(...asked, receipt({ n: 3, at: 20 }, invoiceAt(0)))).map(brief)).toEqual([['payment', 'claimed', '', 0, 'claimed', 'shopper']])
    expect(bookRows(fold(...asked, merchantSays({ n: 3, at: 20 }, { saidPaid: true }))).map(brief)).toEqual([['payment', 'paid', '', 30_000, 'said', 'merchant']])
    // His word and his wallet mean the same money.
    expect(bookRows(fold(...asked, merchantSays({ n: 3, at: 20 }, { saidPaid: true }), settled({ n: 4, at: 21 }, invoiceAt(0)))).map(brief)).toEqual([['payment', 'paid', '', 30_000, 'proved', 'own-wallet']])
  })
  test('an invoice that nobody paid stands there with nothing; a word without any request has a line of its own', () => {
    expect(bookRows(fold(...asked)).map(brief)).toEqual([['payment', 'unpaid', '', 0, null, null]])
    expect(bookRows(fold(merchantSays({ n: 3, at: 20 }, { saidPaid: true }))).map(brief)).toEqual([['payment', 'paid', '', null, 'said', 'merchant']])
    expect(totalsOf(bookRows(fold(merchantSays({ n: 3, at: 20 }, { saidPaid: true }))))).toMatchObject({ payments: 1, unknown: 1, received: { sat: 0, msat: 0 } })
  })
  test('T9: the word that less came stands on the line of the invoice that it names', () => {
    const word = merchantSays({ n: 3, at: 30 }, { underpaid: { hash: hex32(invoiceAt(0).paymentHash), msat: toMsat(20_000) } })
    const again = [...asked, issued(21, 11, invoiceAt(1), 1_651), request({ n: 5, at: 12 }, invoiceAt(1))]
    expect(bookRows(fold(...again, word)).map(row => [row.paymentHash, ...brief(row)])).toEqual([
      [invoiceAt(0).paymentHash, 'payment', 'paid', 'under', 20_000, 'said', 'merchant'],
      [invoiceAt(1).paymentHash, 'payment', 'unpaid', '', 0, null, null],
    ])
  })
  test('T9: paid twice, too late, by what had been replaced, too much and too little', () => {
    const twice = fold(...asked, request({ n: 5, at: 12 }, invoiceAt(1)), settled({ n: 3, at: 20 }, invoiceAt(1)), settled({ n: 4, at: 30 }, invoiceAt(0)))
    expect(bookRows(twice).map(brief)).toEqual([['payment', 'paid', 'twice superseded', 30_000, 'proved', 'own-wallet'], ['payment', 'paid', '', 33_000, 'proved', 'own-wallet']])
    expect(bookRows(fold(...asked, refusal({ n: 5, at: 15 }), settled({ n: 3, at: 20 }, invoiceAt(0)))).map(brief)).toEqual([['payment', 'paid', 'late', 30_000, 'proved', 'own-wallet']])
    expect(bookRows(fold(...asked, settled({ n: 3, at: 20 }, invoiceAt(0), 36_000)))).toMatchObject([{ marks: ['over'], asked: 30_000, moved: 36_000, totalMinor: 1_501, valueMinor: 1_801 }])
    expect(bookRows(fold(...asked, settled({ n: 3, at: 20 }, invoiceAt(0), 29_000)))).toMatchObject([{ marks: ['under'], valueMinor: 1_451 }])
  })
  test('held money that went back is no income; taken, it is', () => {
    const hash = hex32(invoiceAt(0).paymentHash)
    const step = (n: number, body: object): OrderMessage => local({ n, at: n }, people.merchant, { type: 'hold', paymentHash: hash, ...body } as Parameters<typeof local>[2])
    const held = [...asked, step(11, { step: 'prepared', preimage: invoiceAt(0).preimage, attempt: 1 }), step(12, { step: 'held', msat: toMsat(30_000), releaseAt: toSeconds(T0 + 600) })]
    expect(bookRows(fold(...held)).map(brief)).toEqual([['payment', 'held', '', 0, null, null]])
    const released = bookRows(fold(...held, step(13, { step: 'releasing', reason: 'sold-out' }), step(14, { step: 'released', reason: 'sold-out' })))
    expect(released.map(brief)).toEqual([['payment', 'given-back', '', 0, null, null]])
    expect(totalsOf(released)).toMatchObject({ payments: 0, net: { sat: 0, msat: 0 } })
    expect(bookRows(fold(...held, settled({ n: 15, at: 20 }, invoiceAt(0)))).map(brief)).toEqual([['payment', 'paid', '', 30_000, 'proved', 'own-wallet']])
  })
  test('refunds are negative, linked to their order, share out what came to the cent, and cost their fee', () => {
    const order = fold(...asked, settled({ n: 3, at: 20 }, invoiceAt(0)), back(31, 40, 'a', 10_000, 7), back(32, 50, 'b', 10_000, 1_005), back(33, 60, 'c', 10_000))
    const rows = bookRows(order)
    expect(rows.slice(1).map(row => [row.type, row.state, row.moved, row.fee, row.valueMinor, row.order.key, row.strength, row.btcPrice])).toEqual([
      ['refund', 'paid', -10_000, 7, -500, KEY, 'said', '50000'], ['refund', 'paid', -10_000, 1_005, -501, KEY, 'said', '50000'], ['refund', 'paid', -10_000, null, -500, KEY, 'said', '50000'],
    ])
    expect(totalsOf(rows)).toMatchObject({
      payments: 1, refunds: 3, received: { sat: 30, msat: 0 }, refunded: { sat: -30, msat: 0 }, fees: { sat: -1, msat: -12 }, net: { sat: -1, msat: -12 },
      byCurrency: [{ currency: 'EUR', received: 1_501, refunded: -1_501, net: 0 }],
    })
  })
  test('a refund whose end is not known is in no sum, and counted as such; one that failed is nothing', () => {
    const paid = [...asked, settled({ n: 3, at: 20 }, invoiceAt(0))]
    const open = bookRows(fold(...paid, refundPaid({ n: 31, at: 40 }, 'a', { state: 'unknown', msat: toMsat(10_000), preimage: '' })))
    expect([brief(open[1] as BookRow), totalsOf(open).undecided, totalsOf(open).refunded]).toEqual([['refund', 'unknown', '', 0, null, null], 1, { sat: 0, msat: 0 }])
    expect(totalsOf(bookRows(fold(...paid, refundPaid({ n: 31, at: 40 }, 'a', { state: 'failed', preimage: '' }))))).toMatchObject({ undecided: 0, refunds: 0 })
  })
})

test('T6: the sums are the sums of the parts, whatever happened: in sat and rest, in every period, and by order', () => {
  fc.assert(fc.property(history(14), (messages) => {
    const order = foldThread(KEY, messages, { viewer: people.merchant })
    if (order === undefined)
      return
    const rows = bookRows(order)
    expect(bookRows(order)).toBe(rows)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const came = rows.filter(({ type }) => type === 'payment').reduce((sum: number | null, { moved }) => sum === null || moved === null ? null : sum + moved, 0)
    expect(came).toBe(receivedMsat(order))
    const paidBack = order.refunds.filter(({ state }) => state === 'paid')
    const totals = totalsOf(rows)
    expect(msatOf(totals.refunded)).toBe(0 - paidBack.reduce((sum, { msat }) => sum + msat, 0))
    expect(msatOf(totals.net)).toBe(msatOf(totals.received) + msatOf(totals.refunded) + msatOf(totals.fees))
    const { months } = periodsOf(rows)
    const inMonths = months.map(month => totalsOf(within(rows, month)))
    for (const part of ['received', 'refunded', 'fees', 'net', 'said'] as const)
      expect(inMonths.reduce((sum, totals) => sum + msatOf(totals[part]), 0)).toBe(msatOf(totals[part]))
    expect(rows.every(({ moved, type }) => moved === null || (Number.isSafeInteger(moved) && (type === 'payment' ? moved >= 0 : moved <= 0)))).toBe(true)
  }))
})

test('sat and rest carry one sign, and make up the whole', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (msat) => {
    const { sat, msat: rest } = toSats(msat)
    expect(BigInt(sat) * 1_000n + BigInt(rest)).toBe(BigInt(msat))
    expect(Math.abs(rest)).toBeLessThan(1_000)
    expect(sat * rest).toBeGreaterThanOrEqual(0)
  }))
})

describe('periods', () => {
  const at = (text: string) => ({ at: toSeconds(Date.parse(text) / 1_000) })
  const rows = [at('2025-12-31T23:59:59Z'), at('2026-01-01T00:00:00Z'), at('2026-03-31T12:00:00Z'), at('2026-04-01T00:00:00Z')]
  test('months, quarters and years in UTC, the newest first, only such as have rows', () => {
    expect(periodsOf(rows)).toEqual({ years: ['2026', '2025'], quarters: ['2026-Q2', '2026-Q1', '2025-Q4'], months: ['2026-04', '2026-03', '2026-01', '2025-12'] })
    expect([within(rows, '2026').length, within(rows, '2026-Q1').length, within(rows, '2025-12').length, within(rows, 'all').length]).toEqual([3, 2, 1, 4])
  })
  test('what is no period in the address bar is none', () => {
    expect(['all', '2026', '2026-Q4', '2026-11'].every(isPeriod)).toBe(true)
    expect(['', '2026-Q5', '2026-13', '26', 'x', null].some(isPeriod)).toBe(false)
  })
})

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(csv: string): readonly (readonly string[])[] {
  const lines: string[][] = [['']]
  let quoted = false
  for (let i = 1; i < csv.length; i++) {
    const [sign, line] = [csv[i] ?? '', lines.at(-1) ?? []]
    if (quoted && sign === '"' && csv[i + 1] === '"')
      line[line.length - 1] += csv[++i] ?? ''
    else if (sign === '"')
      quoted = !quoted
    else if (!quoted && sign === ',')
      line.push('')
    else if (!quoted && sign === '\r' && csv[i + 1] === '\n')
      i = lines.push(['']) > 0 ? i + 1 : i
    else
      line[line.length - 1] += sign
  }
  return lines.slice(0, -1)
}

describe('files', () => {
  const named = (name: string, product = 'mug') => foldFor(name, [...asked, settled({ n: 3, at: 20 }, invoiceAt(0)), back(31, 40, 'a', 10_500, 7), local({ n: 50, at: 1 }, people.merchant, {
    type: 'snapshot', side: 'merchant', stall: `30017:${people.merchant}:s` as Address, stallName: 'S', zone: null, totals: { goods: eur(1_501), shipping: eur(0), total: eur(1_501), totalMsat: null, rate: null },
    lines: [{ product: `30018:${people.merchant}:mug` as Address, productId: 'mug', quantity: 2, name: product, image: '', unitPrice: eur(1), shippingExtra: eur(0), listing: idOf(7), subtotal: eur(2) }],
  })])
  const cells = (order: Order, column: string) => {
    const [head, ...lines] = readCsv(booksCsv(bookRows(order)))
    return lines.map(line => line[head?.indexOf(column) ?? -1])
  }

  test('columns of integers, times in UTC, lines ended as the RFC wants', () => {
    const csv = booksCsv(bookRows(named('Ida')))
    expect(csv.startsWith('\ufefftime,type,state,')).toBe(true)
    expect(csv.endsWith('\r\n')).toBe(true)
    const order = named('Ida')
    expect(cells(order, 'paid_at')).toEqual([20, 40].map(at => new Date((T0 + at) * 1_000).toISOString().replace('.000', '')))
    expect([cells(order, 'received_sat'), cells(order, 'received_msat_rest'), cells(order, 'fee_msat_rest')]).toEqual([['30', '-10'], ['0', '-500'], ['', '7']])
    expect([cells(order, 'currency'), cells(order, 'currency_decimals'), cells(order, 'value_minor')]).toEqual([['EUR', 'EUR'], ['2', '2'], ['1501', '-525']])
    expect(cells(order, 'memo')[0]).toBe('2 × mug')
  })
  test('T18: whatever a stranger is called, no cell is a formula, in no program\'s way of cutting cells', () => {
    const FORMULA = /^\s*[=+\-@＝＋－＠]/u
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', 'x;=cmd|\' /C calc\'!A0', 'a\n=1', '＝1', '\u202e=1', '"=1', 'a","=1', '\u0000=1'])
      for (const shown of cells(named(name, name), 'memo').slice(0, 1).concat(cells(named(name), 'customer_name')))
        expect((shown ?? '').split(/[;\t\r\n]/).filter(part => FORMULA.test(part)), name).toEqual([])
    fc.assert(fc.property(fc.string({ maxLength: 40, unit: fc.constantFrom('=', '+', '-', '@', ';', ',', '"', '\t', '\r', '\n', ' ', 'a', '1') }), (name) => {
      const [shown] = cells(named(name), 'customer_name')
      expect((shown ?? '').split(/[;\t\r\n]/).filter(part => FORMULA.test(part))).toEqual([])
      expect((shown ?? '').replaceAll('\'', '')).toBe(name)
      expect(readCsv(booksCsv(bookRows(named(name)))).every(({ length }) => length === 27)).toBe(true)
    }), { numRuns: 60 })
  })
  test('the same in JSON, with its sums', () => {
    const books: unknown = JSON.parse(booksJson(bookRows(named('Ida')), '2026-11'))
    expect(books).toMatchObject({ format: 'souk-books', version: 1, period: '2026-11', totals: { net: { sat: 19, msat: 493 } }, rows: [{ type: 'payment', receivedMsat: 30_000, orderId: 'order-1' }, { type: 'refund', receivedMsat: -10_500, feeMsat: 7 }] })
  })
})

test('ten thousand orders are gathered and written while nobody notices, and only what changed is gathered anew', () => {
  const one = fold(...asked, settled({ n: 3, at: 20 }, invoiceAt(0)), back(31, 40, 'a', 10_000))
  const many = Array.from({ length: 10_000 }, (_, i): Order => ({ ...one, id: `order-${i}` }))
  const rows = booksOf(many)
  expect(rows).toHaveLength(20_000)
  expect(booksOf(many)[0]).toBe(rows[0])
  expect(totalsOf(rows)).toMatchObject({ received: { sat: 300_000, msat: 0 }, refunded: { sat: -100_000, msat: 0 } })
  expect(booksCsv(rows).split('\r\n')).toHaveLength(20_002)
})
