import { isMsat, toMsat, type Msat } from '../brand'
import { addressNetworks } from '../invoice/onchain'
import type { Network } from '../invoice/types'
import { readPaymentText } from '../invoice/uri'
import { amountBand } from './amount-band'
import { linkHost } from './link-host'
import type { Order, PaymentOption, RequestFact } from './types'

/**
 * A way to pay that Souk cannot go itself, as it came. `wrong`: an address of another network, or none at all: it is shown
 * so that it can be asked about, and nothing leads there.
 */
export type OtherWay =
  | { readonly kind: 'address', readonly text: string }
  | { readonly kind: 'onchain', readonly text: string, readonly sat: number | null, readonly wrong: boolean }
  | { readonly kind: 'link', readonly text: string, readonly host: string }
  | { readonly kind: 'words', readonly text: string }

/** What stands beside, or instead of, an invoice. */
export interface Elsewhere {
  readonly ways: readonly OtherWay[]
  /** The merchant's own words. */
  readonly text: string
  readonly msat: Msat | null
  readonly agreedMsat: Msat | null
  /** More, or much less, than the shopper agreed to. */
  readonly differs: boolean
}

const MSAT_IN_SAT = 1_000
const MOST_LINKS = 3
const LINK = /(?<![\w./:@-])https:\/\/[^\s<>"'`]+/g
/** As we write it where a dialect has no word for a page. */
const NAMED_LINK = /(?<=^[^\n]{1,80}: )https:\/\/\S+$/gm

/** Everything a request offers but its Lightning invoices: those are compared and shown by themselves, or not at all (T7). */
export function otherWays(request: Pick<RequestFact, 'options' | 'text' | 'saidMsat' | 'bolt11'>, network: Network): readonly OtherWay[] {
  const ways = request.options.filter(({ type }) => type !== 'ln').map(option => otherWay(option, network, request.saidMsat ?? null))
  // Gamma has no tag for a page to pay on: there it stands among the words.
  const named = new Set(ways.map(({ text }) => text))
  const links = [...request.text.matchAll(request.bolt11 === null ? LINK : NAMED_LINK)].map(([link]) => link.replace(/[.,;:!?)\]]+$/, '')).filter(link => !named.has(link))
  return [...ways, ...[...new Set(links)].slice(0, MOST_LINKS).flatMap((text): readonly OtherWay[] => {
    const host = linkHost(text)
    return host === null ? [] : [{ kind: 'link', text, host }]
  })]
}

function otherWay({ type, link }: PaymentOption, network: Network, said: Msat | null): OtherWay {
  switch (type) {
    case 'btc': return onchain(link.trim(), network, said)
    case 'url': {
      const host = linkHost(link.trim())
      return host === null ? { kind: 'words', text: link } : { kind: 'link', text: link.trim(), host }
    }
    case 'lnurl': {
      const read = readPaymentText(link).kind
      return read === 'lightning_address' || read === 'lnurl' ? { kind: 'address', text: link.trim().replace(/^lightning:(?:\/\/)?/i, '') } : { kind: 'words', text: link }
    }
    default: return { kind: 'words', text: link }
  }
}

function onchain(link: string, network: Network, said: Msat | null): OtherWay {
  const unified = readPaymentText(link)
  const address = unified.kind === 'bip21' ? unified.address : link
  const networks = address === null ? null : addressNetworks(address)
  if (address === null || networks === null || unified.kind === 'error' && unified.code !== 'not_a_payment')
    return { kind: 'onchain', text: link, sat: null, wrong: true }
  const sat = unified.kind === 'bip21' ? unified.amountSat : null
  return { kind: 'onchain', text: address, sat: sat ?? (said === null ? null : Math.ceil(said / MSAT_IN_SAT)), wrong: !networks.includes(network) }
}

/** For a request without an invoice that could be paid here. */
export function elsewhere(order: Order, request: RequestFact, network: Network): Elsewhere {
  const totals = order.snapshot?.side === 'shopper' ? order.snapshot.totals : null
  const ways = otherWays(request, network)
  const named = ways.flatMap(way => way.kind === 'onchain' && way.sat !== null ? [way.sat * MSAT_IN_SAT] : [])
  const amounts = [...request.saidMsat === undefined ? [] : [request.saidMsat], ...named]
  const most = Math.max(...amounts)
  const msat = isMsat(most) ? toMsat(most) : null
  const band = msat === null ? 'unknown' : amountBand(msat, totals, order.items)
  return { ways: withAmount(ways, msat ?? totals?.totalMsat ?? null), text: request.text, msat, agreedMsat: totals?.totalMsat ?? null, differs: band === 'ask' || band === 'above' }
}

/** An address that names no amount is asked for the order's: nobody has to type it. */
const withAmount = (ways: readonly OtherWay[], msat: Msat | null): readonly OtherWay[] =>
  ways.map(way => way.kind === 'onchain' && way.sat === null && !way.wrong && msat !== null ? { ...way, sat: Math.ceil(msat / MSAT_IN_SAT) } : way)
