import type { Hex32, Msat, Seconds } from '../domain/brand'
import { isHex32, isMsat, isSeconds } from '../domain/brand'
import { decodeInvoice } from '../domain/invoice/bolt11'
import type { Network } from '../domain/invoice/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { IncomingPayment, InvoiceRequest, InvoiceSource, InvoiceState, IssuedInvoice, WalletError } from '../ports/invoices'
import type { Fetch } from './http'
import { newestFirst, SLOWEST_SECONDS } from './incoming'
import { checkIssued, serves } from './issued'
import type { LnbitsApi, LnbitsPayment } from './lnbits-api'
import { HISTORY, invoiceIn, lnbitsApi, lnbitsBase } from './lnbits-api'
import type { SocketMaker } from './lnbits-push'
import { openPush } from './lnbits-push'
import { provenPreimage } from './preimage'

export interface LnbitsOptions {
  readonly url: string
  readonly invoiceKey: string
  readonly network: Network
  readonly clock: Clock
  readonly fetch?: Fetch
  readonly makeSocket?: SocketMaker
}

type Made = Result<IssuedInvoice, WalletError>
const unknown = (reason: string): InvoiceState => ({ status: 'unknown', reason })

/** A merchant's LNbits wallet, by its invoice key: it makes invoices and looks them up, and cannot spend (T17). */
export function openLnbits({ url, invoiceKey, network, clock, fetch, makeSocket = address => new WebSocket(address) }: LnbitsOptions): InvoiceSource {
  const base = lnbitsBase(url)
  const life = new AbortController()
  if (base === null || !/^[0-9a-zA-Z]{16,128}$/.test(invoiceKey))
    return unusable(base === null ? 'The address must begin with https://' : 'This is no LNbits key')
  const api = lnbitsApi(base, invoiceKey, fetch)
  let name: string | null = null

  /** An admin key shows the wallet's id: it could spend, and is refused before it is used for anything. */
  async function check(signal?: AbortSignal): Promise<Result<string, WalletError>> {
    if (name !== null)
      return ok(name)
    const wallet = await api.wallet(signal)
    if (!wallet.ok)
      return wallet
    if (wallet.value.id)
      return err({ code: 'source_can_spend', detail: 'This is the admin key, which can spend. Use the invoice key' })
    name = wallet.value.name
    return ok(name)
  }

  return {
    kind: 'lnbits',
    async capabilities(signal) {
      name = null
      const alias = await check(signal)
      return alias.ok ? ok({ network: null, lookup: true, push: true, canSpend: false, alias: alias.value }) : alias
    },
    async create(request, signal) {
      if (request.hold !== undefined)
        return err({ code: 'not_implemented', detail: 'An invoice key cannot hold payments' })
      const checked = await check(signal)
      if (!checked.ok)
        return checked
      return createOnce(api, request, network, clock, signal)
    },
    lookup: (paymentHash, signal) => lookUp(api, paymentHash, clock.now(), signal),
    incoming: (since, signal) => listIncoming(api, since, signal),
    subscribe(listener) {
      const ended = new AbortController()
      const address = `${base.replace(/^http/, 'ws')}/api/v1/ws/${invoiceKey}`
      openPush(address, clock, hint => listener(hint), AbortSignal.any([life.signal, ended.signal]), makeSocket)
      return () => ended.abort()
    },
    dispose: () => life.abort(),
  }
}

/** Settings that cannot work say so at every question instead of throwing at the first. */
function unusable(detail: string): InvoiceSource {
  const refusal = err<WalletError>({ code: 'bad_settings', detail })
  return {
    kind: 'lnbits',
    capabilities: async () => refusal,
    create: async () => refusal,
    lookup: async () => unknown(detail),
    incoming: async () => refusal,
    subscribe: () => () => undefined,
    dispose: () => undefined,
  }
}

async function createOnce(api: LnbitsApi, request: InvoiceRequest, network: Network, clock: Clock, signal?: AbortSignal): Promise<Made> {
  if (request.amount % 1000 !== 0)
    return err({ code: 'source_refused', detail: 'LNbits makes invoices of whole satoshi only' })
  const earlier = await findEarlier(api, request, network, clock.now(), signal)
  if (!earlier.ok)
    return earlier
  if (earlier.value)
    return ok(earlier.value)
  const answer = await api.create({
    // `out` is true unless told otherwise (payments.md §3.2).
    out: false, amount: request.amount / 1000, unit: 'sat', memo: request.description.slice(0, 640), expiry: request.expirySeconds,
    // Of a tag of our own: nostrmarket's listener on the same wallet must not answer the shopper a second time (§3.7).
    extra: { tag: 'souk', order_id: request.orderId, attempt: request.attempt, ...request.parties && { merchant_pubkey: request.parties.merchant, buyer_pubkey: request.parties.buyer } },
  }, signal)
  if (answer.ok)
    return checkIssued(invoiceIn(answer.value), request, network, clock.now())
  if (answer.error.code !== 'no_answer' && answer.error.code !== 'source_offline')
    return answer
  // The answer was lost, the invoice may exist: it is looked for before anyone asks for a second one.
  const lost = await findEarlier(api, request, network, clock.now())
  return lost.ok && lost.value ? ok(lost.value) : answer
}

async function findEarlier(api: LnbitsApi, request: InvoiceRequest, network: Network, now: Seconds, signal?: AbortSignal): Promise<Result<IssuedInvoice | null, WalletError>> {
  const history = await api.history(signal)
  if (!history.ok)
    return history
  const own = history.value.filter(({ extra, amount }) =>
    extra?.['tag'] === 'souk' && extra['order_id'] === request.orderId && extra['attempt'] === request.attempt && (amount ?? 0) > 0)
  for (const payment of own) {
    const issued = checkIssued(invoiceIn(payment), request, network, now)
    if (issued.ok && serves(issued.value, request, now))
      return ok(issued.value)
  }
  return ok(null)
}

async function lookUp(api: LnbitsApi, paymentHash: Hex32, now: Seconds, signal?: AbortSignal): Promise<InvoiceState> {
  const answer = await api.state(paymentHash, signal)
  if (!answer.ok)
    return unknown(answer.error.detail || answer.error.code)
  const { paid, status, details, preimage } = answer.value
  const payment = details?.payment_hash === paymentHash ? details : await fromHistory(api, paymentHash, signal)
  // Details come for the key's own payments only: without them it is not our wallet that speaks.
  if (!payment)
    return unknown('not a payment of this wallet')
  if (paid)
    return settled(payment, preimage ?? payment.preimage, paymentHash)
  const word = status ?? payment.status
  // `{paid: false}` alone means that the check itself failed.
  if (!word && payment.pending === undefined)
    return unknown('the wallet could not check')
  const invoice = decodeInvoice(invoiceIn(payment))
  if (invoice.ok && invoice.value.expiresAt < now)
    return { status: 'expired' }
  return word === 'failed' ? { status: 'failed', reason: 'the wallet gave this invoice up' } : { status: 'pending' }
}

async function fromHistory(api: LnbitsApi, paymentHash: Hex32, signal?: AbortSignal): Promise<LnbitsPayment | null> {
  const history = await api.history(signal)
  return history.ok ? history.value.find(payment => payment.payment_hash === paymentHash && (payment.amount ?? 0) > 0) ?? null : null
}

function settled(payment: LnbitsPayment, preimage: unknown, paymentHash: Hex32): InvoiceState {
  const received: Msat | null = isMsat(payment.amount) && payment.amount > 0 ? payment.amount : null
  if (received === null)
    return unknown('the wallet names no amount received')
  return { status: 'settled', received, settledAt: timeOf(payment.updated_at ?? payment.time), preimage: isHex32(paymentHash) ? provenPreimage(preimage, paymentHash) : null }
}

const PAGES = 3

/** Amounts below zero went out. */
async function listIncoming(api: LnbitsApi, since: Seconds, signal?: AbortSignal): Promise<Result<readonly IncomingPayment[], WalletError>> {
  const found = new Map<Hex32, IncomingPayment>()
  for (let page = 0; page < PAGES; page++) {
    const history = await api.history(signal, page)
    if (!history.ok)
      return history
    for (const payment of history.value) {
      const { payment_hash: paymentHash, amount, memo } = payment
      const settledAt = timeOf(payment.updated_at ?? payment.time)
      if (isPaid(payment) && isHex32(paymentHash) && isMsat(amount) && amount > 0 && settledAt !== null && settledAt >= since)
        found.set(paymentHash, { paymentHash, msat: amount, settledAt, description: memo ?? '' })
    }
    const oldest = timeOf(history.value.at(-1)?.time)
    if (history.value.length < HISTORY || (oldest !== null && oldest < since - SLOWEST_SECONDS))
      break
  }
  return ok(newestFirst([...found.values()]))
}

/** 0.12 has `pending` in place of a status. */
const isPaid = ({ status, pending }: LnbitsPayment): boolean => status ? status === 'success' : pending === false

/** ISO text in 1.x (without a zone it is UTC), Unix seconds in 0.12. */
function timeOf(value: string | number | null | undefined): Seconds | null {
  const iso = typeof value === 'string' && !/(Z|[+-]\d\d:?\d\d)$/.test(value) ? `${value}Z` : value
  const seconds = typeof iso === 'string' ? Math.floor(Date.parse(iso) / 1000) : iso
  return isSeconds(seconds) ? seconds : null
}
