import { exponentOf } from '../../money/fiat'
import { isoUtc } from '../../utc'
import type { Period } from './period'
import { toSats, totalsOf } from './totals'
import type { BookRow, Sats } from './types'

/**
 * Written by a stranger, and opened in a program that takes what begins so for a formula; some part cells at semicolons too,
 * whatever stands around them. An apostrophe makes it text.
 */
const FORMULA = /(^|[;\t\r\n])(\s*)(?=[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}])/gu
/** They hide what a cell says, or end a file early for some readers. */
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Most cells: nothing in them that any reader could take for more. */
const PLAIN = /^[\w:.][\w:. -]*$/

type Cell = { readonly text: string } | { readonly number: number | null }

const text = (value: string | null): Cell => ({ text: value ?? '' })
const number = (value: number | null): Cell => ({ number: value })
const time = (at: BookRow['at'] | null): Cell => text(at === null ? null : isoUtc(at))

function cellText(cell: Cell): string {
  if ('number' in cell)
    return cell.number === null ? '' : String(cell.number)
  if (cell.text === '' || (PLAIN.test(cell.text) && !cell.text.endsWith(' ')))
    return cell.text
  const plain = cell.text.replace(UNSEEN, '').replace(FORMULA, '$1$2\'')
  return /[",\r\n;\t]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

const parts = (msat: number | null): Sats | { readonly sat: null, readonly msat: null } => msat === null ? { sat: null, msat: null } : toSats(msat)

/** Whole sat and the rest of it stand apart, so that each column sums up in integers. */
const columns: readonly (readonly [name: string, cell: (row: BookRow) => Cell])[] = [
  ['time', row => time(row.at)],
  ['type', row => text(row.type)],
  ['state', row => text(row.state)],
  ['marks', row => text(row.marks.join(' '))],
  ['asked_at', row => time(row.askedAt)],
  ['paid_at', row => time(row.paidAt)],
  ['order_number', row => text(row.order.number)],
  ['order_id', row => text(row.order.id)],
  ['customer', row => text(row.customer)],
  ['customer_name', row => text(row.customerName)],
  ['payment_hash', row => text(row.paymentHash)],
  ['asked_sat', row => number(parts(row.asked).sat)],
  ['asked_msat_rest', row => number(parts(row.asked).msat)],
  ['received_sat', row => number(parts(row.moved).sat)],
  ['received_msat_rest', row => number(parts(row.moved).msat)],
  ['fee_sat', row => number(parts(row.fee).sat)],
  ['fee_msat_rest', row => number(parts(row.fee).msat)],
  ['currency', row => text(row.currency)],
  ['currency_decimals', row => number(row.currency === null ? null : exponentOf(row.currency) ?? null)],
  ['total_minor', row => number(row.totalMinor)],
  ['value_minor', row => number(row.valueMinor)],
  ['btc_price', row => text(row.btcPrice)],
  ['btc_price_source', row => text(row.priceSource)],
  ['btc_price_at', row => time(row.pricedAt)],
  ['memo', row => text(row.memo)],
  ['strength', row => text(row.strength)],
  ['said_by', row => text(row.saidBy)],
]

/** RFC 4180. With a byte order mark: without it spreadsheets take UTF-8 for something else. */
export const booksCsv = (rows: readonly BookRow[]): string =>
  `\ufeff${[columns.map(([name]) => name).join(','), ...rows.map(row => columns.map(([, cell]) => cellText(cell(row))).join(','))].join('\r\n')}\r\n`

/** The same rows with their sums; amounts in msat, times in ISO 8601. */
export function booksJson(rows: readonly BookRow[], period: Period): string {
  const iso = (at: BookRow['at'] | null): string | null => at === null ? null : isoUtc(at)
  const rowJson = ({ at, askedAt, paidAt, pricedAt, order, asked, moved, fee, ...row }: BookRow): string => JSON.stringify({
    ...row, at: iso(at), askedAt: iso(askedAt), paidAt: iso(paidAt), pricedAt: iso(pricedAt), orderNumber: order.number, orderId: order.id, askedMsat: asked, receivedMsat: moved, feeMsat: fee,
  })
  // A line for each row: as easy to read in a plain editor as to compare with the former one.
  return `{\n"format": "souk-books",\n"version": 1,\n"period": ${JSON.stringify(period)},\n"totals": ${JSON.stringify(totalsOf(rows))},\n"rows": [\n${rows.map(rowJson).join(',\n')}\n]\n}\n`
}
