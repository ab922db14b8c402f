import type { Hex32, Msat, Seconds } from '../brand'
import { toMsat } from '../brand'
import { decodeInvoice } from '../invoice/bolt11'
import { checkInvoice } from '../invoice/check'
import { addressNetworks } from '../invoice/onchain'
import type { DecodedInvoice, Network } from '../invoice/types'
import { readPaymentText } from '../invoice/uri'
import { limits } from '../limits'
import { tokenIn } from '../protocol/cashu'
import { withoutUnseen } from '../protocol/shown-text'
import { linkHost } from './link-host'
import type { PaymentOption } from './types'

/** One way to pay, as the merchant wrote it. */
export type HandWay =
  | { readonly kind: 'invoice', readonly invoice: DecodedInvoice, readonly msat: Msat }
  | { readonly kind: 'address' | 'lnurl' | 'offer', readonly text: string }
  | { readonly kind: 'onchain', readonly address: string, readonly msat: Msat | null }
  | { readonly kind: 'link', readonly url: string, readonly host: string }

/** Why it is not sent. `secret`, `money`: what is in it would be given away. */
export type HandProblem = 'empty' | 'too-long' | 'secret' | 'money' | 'damaged' | 'bad_amount' | 'unsupported_required_parameter' | 'not-https' | 'link-credentials'
  | 'several-invoices' | 'amounts-differ' | 'amount_missing' | 'expired' | 'expires-soon' | 'wrong_network' | 'payment_hash_reused'

export interface HandPayment {
  readonly ways: readonly HandWay[]
  /** What is no way to pay by itself: for people to read. */
  readonly words: string
  /** The first is the one to say. */
  readonly problems: readonly HandProblem[]
  /** What the ways themselves ask; null where they name no amount. */
  readonly asked: Msat | null
  /** It is not the order's total, or the total is not known: somebody has to say that it is meant so. */
  readonly differs: boolean
}

export interface HandNeeds {
  readonly now: Seconds
  readonly network: Network
  /** What the order costs now; null where that cannot be worked out. */
  readonly total: Msat | null
  /** Some request of ours has named that payment hash already (I12). */
  readonly isUsed: (hash: Hex32) => boolean
}

/** `confirmed`: an amount that is not the order's total, and that the merchant has said he means; msat. */
export interface ByHand { readonly pasted: string, readonly confirmed: Msat | null }

/** What is sent has room for the breakdown beside it. */
export const LONGEST_BY_HAND = 3_000
/** Less than that is over before the customer has read it. */
const LEAST_SECONDS = 60
const MSAT_IN_SAT = 1_000

/** Keys and connections: whoever reads one can act or spend in its owner's name. */
const SECRET = /nostr\+?walletconnect:|bunker:\/\/|\b(?:nsec1|ncryptsec1)[02-9ac-hj-np-z]{20,}|\b[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{50,}/i
/** Signs of no width, inside of what was copied from a page. */
const NO_WIDTH = /[\u{AD}\u{200B}-\u{200D}\u{2060}\u{FEFF}]/gu
const SCHEME = /^[a-z][a-z0-9+.-]*:/i
const LIKE_A_PAYMENT = /^(?:lightning:|bitcoin:|lnurlp?:|ln(?:bc|tb|sb|url|o1)\w{10,}$|(?:bc1|tb1|bcrt1)[a-z0-9]{20,}$|[13mn2][1-9A-HJ-NP-Za-km-z]{25,34}$)/i

interface Line { readonly ways: readonly HandWay[], readonly problems: readonly HandProblem[] }
const nothing: Line = { ways: [], problems: [] }
const bad = (...problems: readonly HandProblem[]): Line => ({ ways: [], problems })
const way = (...ways: readonly HandWay[]): Line => ({ ways, problems: [] })

/**
 * Reads what a merchant pasted to be paid by: each line is a way to pay or words, a unified code is its parts. Checked as
 * an own wallet's invoice would be (payments.md I12); whatever looks like a payment and is none is never sent as words.
 */
export function readHandPayment(pasted: string, needs: HandNeeds): HandPayment {
  const text = withoutUnseen(pasted).replace(NO_WIDTH, '').trim()
  const whole = unwrapped(text)
  const lines = (whole ?? text).split('\n').map(line => line.trim())
  const read = lines.map(line => ({ line, ...readLine(line, needs) }))
  const ways = read.flatMap(({ ways }) => ways)
  const words = read.filter(({ ways, problems }) => ways.length === 0 && problems.length === 0).map(({ line }) => line).join('\n').trim()
  const amounts = new Set(ways.flatMap(one => 'msat' in one && one.msat !== null ? [one.msat] : []))
  const [asked = null] = amounts
  return {
    ways,
    words,
    problems: [
      ...text === '' ? ['empty' as const] : [],
      ...text.length > LONGEST_BY_HAND ? ['too-long' as const] : [],
      ...SECRET.test(text) ? ['secret' as const] : [],
      ...tokenIn(text) !== '' ? ['money' as const] : [],
      ...read.flatMap(({ problems }) => problems),
      ...ways.filter(({ kind }) => kind === 'invoice').length > 1 ? ['several-invoices' as const] : [],
      ...amounts.size > 1 ? ['amounts-differ' as const] : [],
    ],
    asked,
    differs: asked !== null && asked !== needs.total,
  }
}

/** A long text that a mail program broke into lines, if that is what it is. */
function unwrapped(text: string): string | undefined {
  const joined = text.replace(/\s+/g, '')
  return joined !== text && joined.length <= limits.orderText && /^(?:lightning:)?ln/i.test(joined) && decodeInvoice(joined).ok ? joined : undefined
}

function readLine(line: string, needs: HandNeeds): Line {
  if (line === '' || /\s/.test(line))
    return nothing
  if (/^https?:/i.test(line))
    return readLink(line)
  const read = readPaymentText(line)
  switch (read.kind) {
    case 'bolt11': return readInvoice(read.bolt11, needs)
    case 'bip21': return readUnified(read, needs)
    case 'lightning_address': return way({ kind: 'address', text: line.replace(/^lightning:(?:\/\/)?/i, '').toLowerCase() })
    case 'lnurl': return way({ kind: 'lnurl', text: line.replace(/^lightning:(?:\/\/)?/i, '') })
    case 'bolt12_offer': return way({ kind: 'offer', text: line.replace(/^lightning:(?:\/\/)?/i, '').toLowerCase() })
    case 'error': break
  }
  if (read.code !== 'not_a_payment')
    return bad(read.code)
  if (addressNetworks(line) !== null)
    return readOnchain(line, null, needs)
  if (LIKE_A_PAYMENT.test(line))
    return bad('damaged')
  // What a page may open must be a page: no script, no file, no program.
  return SCHEME.test(line) && !/:$/.test(line) && !SECRET.test(line) ? bad('not-https') : nothing
}

function readLink(line: string): Line {
  const url = URL.canParse(line) ? new URL(line) : null
  if (url === null)
    return bad('damaged')
  if (url.protocol !== 'https:')
    return bad('not-https')
  const host = linkHost(line)
  return host === null ? bad('link-credentials') : way({ kind: 'link', url: url.href, host })
}

function readInvoice(bolt11: string, { now, network, isUsed }: HandNeeds): Line {
  const read = decodeInvoice(bolt11)
  if (!read.ok)
    return bad('damaged')
  const invoice = read.value
  const codes = checkInvoice(invoice, { now, network, knownHashes: new Set(isUsed(invoice.paymentHash) ? [invoice.paymentHash] : []) })
  const problems = codes.flatMap(code => code === 'expired' || code === 'wrong_network' || code === 'payment_hash_reused' || code === 'amount_missing' ? [code] : [])
  const soon = !problems.includes('expired') && invoice.expiresAt - now < LEAST_SECONDS ? ['expires-soon' as const] : []
  return { ways: invoice.amount === null ? [] : [{ kind: 'invoice', invoice, msat: invoice.amount }], problems: [...problems, ...soon] }
}

function readOnchain(address: string, sat: number | null, { network }: HandNeeds): Line {
  const networks = addressNetworks(address)
  if (networks === null)
    return bad('damaged')
  if (sat === 0)
    return bad('bad_amount')
  return { ways: [{ kind: 'onchain', address, msat: sat === null ? null : toMsat(sat * MSAT_IN_SAT) }], problems: networks.includes(network) ? [] : ['wrong_network'] }
}

function readUnified({ address, amountSat, bolt11 }: Extract<ReturnType<typeof readPaymentText>, { kind: 'bip21' }>, needs: HandNeeds): Line {
  const parts = [...bolt11 === null ? [] : [readInvoice(bolt11, needs)], ...address === null ? [] : [readOnchain(address, amountSat, needs)]]
  return { ways: parts.flatMap(({ ways }) => ways), problems: parts.flatMap(({ problems }) => problems) }
}

/** What a reader is told that it is, who knows no such option. */
export type WayNames = Readonly<Record<'address' | 'onchain' | 'link', string>>

/** As the dialects name them, what can be paid here first. */
export function optionsOf(ways: readonly HandWay[], names: WayNames): readonly PaymentOption[] {
  const options = ways.map((one): PaymentOption => {
    switch (one.kind) {
      case 'invoice': return { type: 'ln', label: 'ln', link: one.invoice.bolt11 }
      case 'address':
      case 'lnurl': return { type: 'lnurl', label: names.address, link: one.text }
      case 'onchain': return { type: 'btc', label: names.onchain, link: one.address }
      case 'link': return { type: 'url', label: names.link, link: one.url }
      case 'offer': return { type: 'other', label: 'bolt12', link: one.text }
    }
  })
  return options.toSorted((a, b) => Number(b.type === 'ln') - Number(a.type === 'ln')).slice(0, limits.paymentOptions)
}
