import * as v from 'valibot'
import type { Hex32, Seconds } from '../domain/brand'
import { isHex32, isMsat, isSeconds, toMsat, toSeconds } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { IncomingPayment, InvoiceRequest, InvoiceSource, InvoiceState, IssuedInvoice, WalletError } from '../ports/invoices'
import { newestFirst, SLOWEST_SECONDS } from './incoming'
import { checkIssued, serves } from './issued'
import { askBudget } from './nwc-budget'
import type { NwcClient, NwcOptions } from './nwc-client'
import { openNwc } from './nwc-client'
import type { NwcReply, NwcTransaction } from './nwc-messages'
import { NwcInfo, NwcTransaction as Transaction, NwcTransactions, transactionState } from './nwc-messages'
import { provenPreimage } from './preimage'
import { watchLine } from './nwc-line'

export interface NwcSourceOptions extends NwcOptions { readonly network: Network }

const SPENDING = ['pay_invoice', 'pay_keysend', 'multi_pay_invoice', 'multi_pay_keysend']
const HOLDING = ['make_hold_invoice', 'settle_hold_invoice', 'cancel_hold_invoice']
const HINTS = ['payment_received', 'hold_invoice_accepted']
const PAGE = 20
const PAGES = 3
const INCOMING_PAGES = 10
const LOOKUP_MS = 10_000
/** Hints about one payment that follow each other closely are one hint: wallets send each in both encryptions. */
const SAME_HINT_SECONDS = 2
/**
 * Blocks between a held payment's arrival and the last moment to take it. Nodes of every make refuse less than about forty, and
 * give it back some dozen before the end; Souk decides within minutes, and more would only lock the payer's money for longer.
 */
const HOLD_BLOCKS = 80
const BLOCK_SECONDS = 600
/** A height further off than two weeks is another chain's, or none. */
const MOST_BLOCKS = 2_016

const unknown = (reason: string): InvoiceState => ({ status: 'unknown', reason })

/** payments.md §4.4, for a source that makes and looks up invoices. */
function walletError(reply: Exclude<NwcReply, { type: 'result' }>): WalletError {
  if (reply.type === 'none')
    return reply.reason === 'not-sent' ? { code: 'source_offline', detail: 'No relay of this wallet can be reached' } : { code: 'no_answer', detail: 'The wallet has not answered' }
  const detail = reply.message || reply.code
  switch (reply.code) {
    case 'RATE_LIMITED': return { code: 'rate_limited', detail }
    case 'NOT_IMPLEMENTED': return { code: 'not_implemented', detail }
    case 'RESTRICTED':
    case 'UNAUTHORIZED':
    case 'EXPIRED': return { code: 'source_unauthorized', detail }
    default: return { code: 'source_refused', detail }
  }
}

const networkOf = (name: string): Network | null => {
  const networks: readonly Network[] = ['mainnet', 'testnet', 'signet', 'regtest', 'simnet']
  return networks.find(network => network === name.toLowerCase()) ?? (name.toLowerCase() === 'bitcoin' ? 'mainnet' : null)
}

/** A merchant's wallet by NIP-47, made for receive-only connections (payments.md §4.6). */
export function openNwcSource(options: NwcSourceOptions): InvoiceSource {
  const { network, clock, connection, relays } = options
  const client = openNwc(options)
  let tip: { readonly height: number | null, readonly at: Seconds } | null = null

  /** The wallet names a block; when that comes about, its own height tells. Asked once in a block's time, whatever comes of it. */
  async function timeOf(block: number, signal?: AbortSignal): Promise<Seconds | null> {
    const now = clock.now()
    if (tip === null || now - tip.at > BLOCK_SECONDS) {
      const reply = await client.ask('get_info', {}, { timeoutMs: LOOKUP_MS, signal })
      const info = reply.type === 'result' ? v.safeParse(NwcInfo, reply.value) : null
      tip = { height: info?.success ? info.output.block_height ?? null : null, at: now }
    }
    const blocks = tip.height === null ? 0 : Math.floor(block - tip.height)
    return blocks > 0 && blocks <= MOST_BLOCKS ? toSeconds(tip.at + blocks * BLOCK_SECONDS) : null
  }

  return {
    kind: 'nwc',
    async capabilities(signal) {
      const [said, reply] = [await client.abilities(), await client.ask('get_info', {}, { timeoutMs: LOOKUP_MS, signal })]
      // Some give `get_info` to nobody who can only receive; their public event says what this connection may do.
      const silent = reply.type === 'error' && said !== null && ['NOT_IMPLEMENTED', 'RESTRICTED'].includes(reply.code)
      if (reply.type !== 'result' && !silent)
        return err(walletError(reply))
      const info = v.safeParse(NwcInfo, silent ? {} : reply.type === 'result' ? reply.value : null)
      if (!info.success)
        return err({ code: 'source_refused', detail: 'The wallet did not say what it can do' })
      const methods = info.output.methods.length > 0 ? info.output.methods : said?.methods ?? []
      const notifications = info.output.notifications?.length ? info.output.notifications : said?.notifications ?? []
      const canSpend = methods.some(method => SPENDING.includes(method))
      const budget = await askBudget(client, methods, signal)
      return ok({
        network: networkOf(info.output.network ?? ''),
        lookup: methods.includes('lookup_invoice'),
        push: notifications.includes('payment_received'),
        canSpend,
        alias: info.output.alias ?? '',
        ...(canSpend && !methods.includes('pay_invoice') && { pays: false as const }),
        ...(methods.length === 0 && { unlisted: true as const }),
        ...(budget !== null && { budget }),
        ...(HOLDING.every(method => methods.includes(method)) && { hold: true }),
      })
    },
    create: (request, signal) => (request.hold === undefined ? createOnce : createHeld)(client, request, network, () => clock.now(), signal),
    settleHold: (preimage, signal) => agreed(client.ask('settle_hold_invoice', { preimage }, { signal })),
    cancelHold: (paymentHash, signal) => agreed(client.ask('cancel_hold_invoice', { payment_hash: paymentHash }, { signal })),
    async lookup(paymentHash, signal) {
      const reply = await client.ask('lookup_invoice', { payment_hash: paymentHash }, { timeoutMs: LOOKUP_MS, signal })
      const state = reply.type === 'result' ? stateOf(reply.value, paymentHash, clock.now()) : unknown(walletError(reply).detail)
      const heldUntil = state.status === 'accepted' && state.settleBefore !== undefined ? await timeOf(state.settleBefore, signal) : null
      return state.status === 'accepted' && heldUntil !== null ? { ...state, heldUntil } : state
    },
    incoming: (since, signal) => listIncoming(client, since, signal),
    subscribe(listener) {
      const last = new Map<string, Seconds>()
      const endNotices = client.onNotice(({ type, paymentHash }) => {
        const before = last.get(`${type} ${paymentHash}`)
        if (!HINTS.includes(type) || !isHex32(paymentHash) || (before !== undefined && clock.now() - before < SAME_HINT_SECONDS))
          return
        if (last.size > 1000)
          last.clear()
        last.set(`${type} ${paymentHash}`, clock.now())
        listener({ type: 'touched', paymentHash })
      })
      const endLine = watchLine(relays, connection.relays, listener)
      return () => { endNotices(); endLine() }
    },
    dispose: () => client.dispose(),
  }
}

type Made = Result<IssuedInvoice, WalletError>

async function createOnce(client: NwcClient, request: InvoiceRequest, network: Network, now: () => Seconds, signal?: AbortSignal): Promise<Made> {
  const earlier = await findEarlier(client, request, network, now(), signal)
  if (earlier)
    return ok(earlier)
  const reply = await client.ask('make_invoice', {
    amount: request.amount,
    description: request.description.slice(0, 640),
    expiry: request.expirySeconds,
    metadata: { tag: 'souk', order_id: request.orderId, attempt: request.attempt },
  }, { signal })
  if (reply.type === 'result') {
    const made = v.safeParse(Transaction, reply.value)
    return made.success ? checkIssued(made.output.invoice ?? '', request, network, now()) : err({ code: 'source_bad_invoice', detail: 'The wallet returned no invoice' })
  }
  if (reply.type === 'error' || reply.reason === 'not-sent')
    return err(walletError(reply))
  // The answer was lost, the invoice may exist (payments.md §4.4, rule 4).
  const lost = await findEarlier(client, request, network, now())
  return lost ? ok(lost) : err(walletError(reply))
}

async function agreed(asked: Promise<NwcReply>): Promise<Result<void, WalletError>> {
  const reply = await asked
  return reply.type === 'result' ? ok(undefined) : err(walletError(reply))
}

/** By the hash that we chose ourselves, an invoice that was made already is found without a list. */
async function createHeld(client: NwcClient, request: InvoiceRequest, network: Network, now: () => Seconds, signal?: AbortSignal): Promise<Made> {
  const earlier = await findHeld(client, request, network, now(), signal)
  if (earlier)
    return ok(earlier)
  const reply = await client.ask('make_hold_invoice', {
    amount: request.amount,
    payment_hash: request.hold?.paymentHash,
    description: request.description.slice(0, 640),
    expiry: request.expirySeconds,
    min_cltv_expiry_delta: HOLD_BLOCKS,
    metadata: { tag: 'souk', order_id: request.orderId, attempt: request.attempt, hold: true },
  }, { signal })
  if (reply.type === 'result') {
    const made = v.safeParse(Transaction, reply.value)
    return made.success ? checkIssued(made.output.invoice ?? '', request, network, now()) : err({ code: 'source_bad_invoice', detail: 'The wallet returned no invoice' })
  }
  if (reply.type === 'none' && reply.reason === 'not-sent')
    return err(walletError(reply))
  const lost = await findHeld(client, request, network, now())
  return lost ? ok(lost) : err(walletError(reply))
}

async function findHeld(client: NwcClient, request: InvoiceRequest, network: Network, now: Seconds, signal?: AbortSignal): Promise<IssuedInvoice | null> {
  const reply = await client.ask('lookup_invoice', { payment_hash: request.hold?.paymentHash }, { timeoutMs: LOOKUP_MS, signal })
  const found = reply.type === 'result' ? v.safeParse(Transaction, reply.value) : null
  const issued = found?.success ? checkIssued(found.output.invoice ?? '', request, network, now) : null
  return issued?.ok ? issued.value : null
}

/** `null` also when the wallet cannot list, which a receive-only connection need not. */
async function findEarlier(client: NwcClient, request: InvoiceRequest, network: Network, now: Seconds, signal?: AbortSignal): Promise<IssuedInvoice | null> {
  const from = Math.max(0, now - request.expirySeconds - 60)
  for (let page = 0; page < PAGES; page++) {
    const reply = await client.ask('list_transactions', { from, limit: PAGE, offset: page * PAGE, unpaid: true, type: 'incoming' }, { timeoutMs: LOOKUP_MS, signal })
    const listed = reply.type === 'result' ? v.safeParse(NwcTransactions, reply.value) : null
    if (!listed?.success)
      return null
    const { transactions } = listed.output
    for (const transaction of transactions.filter(one => isFor(one, request))) {
      const issued = checkIssued(transaction.invoice ?? '', request, network, now)
      if (issued.ok && serves(issued.value, request, now))
        return issued.value
    }
    if (transactions.length < PAGE)
      return null
  }
  return null
}

/** By 20: longer answers may be dropped on their way (payments.md §4.2). `from` counts from when the invoice was made. */
async function listIncoming(client: NwcClient, since: Seconds, signal?: AbortSignal): Promise<Result<readonly IncomingPayment[], WalletError>> {
  const found = new Map<Hex32, IncomingPayment>()
  for (let page = 0; page < INCOMING_PAGES; page++) {
    const reply = await client.ask('list_transactions', { from: Math.max(0, since - SLOWEST_SECONDS), limit: PAGE, offset: page * PAGE, type: 'incoming' }, { timeoutMs: LOOKUP_MS, signal })
    if (reply.type !== 'result')
      return err(walletError(reply))
    const listed = v.safeParse(NwcTransactions, reply.value)
    if (!listed.success)
      return err({ code: 'source_refused', detail: 'The wallet did not list its payments' })
    const { transactions } = listed.output
    for (const one of transactions) {
      const settledAt = one.settled_at ?? one.created_at
      if (one.type !== 'outgoing' && transactionState(one) === 'settled' && isHex32(one.payment_hash) && isMsat(one.amount) && one.amount > 0 && isSeconds(settledAt) && settledAt >= since)
        found.set(one.payment_hash, { paymentHash: one.payment_hash, msat: toMsat(one.amount), settledAt, description: one.description ?? '' })
    }
    if (transactions.length < PAGE)
      break
  }
  return ok(newestFirst([...found.values()]))
}

const Held = v.object({ hold: v.literal(true) })
const Ours = v.object({ order_id: v.string(), attempt: v.number() })

/** By its metadata; wallets that drop metadata are matched by the description. */
function isFor({ type, metadata, description }: NwcTransaction, request: InvoiceRequest): boolean {
  if (type === 'outgoing' || v.is(Held, metadata))
    return false
  const ours = v.safeParse(Ours, metadata)
  return ours.success
    ? ours.output.order_id === request.orderId && ours.output.attempt === request.attempt
    : request.description !== '' && description === request.description
}

function stateOf(value: unknown, paymentHash: Hex32, now: Seconds): InvoiceState {
  const parsed = v.safeParse(Transaction, value)
  if (!parsed.success || parsed.output.payment_hash !== paymentHash || parsed.output.type === 'outgoing')
    return unknown('the wallet answered about something else')
  const { amount, settled_at: settledAt, preimage, expires_at: expiresAt } = parsed.output
  switch (transactionState(parsed.output)) {
    case 'settled':
      return isMsat(amount) && amount > 0
        ? { status: 'settled', received: amount, settledAt: isSeconds(settledAt) ? settledAt : null, preimage: provenPreimage(preimage, paymentHash) }
        : unknown('the wallet names no amount received')
    case 'expired': return { status: 'expired' }
    case 'accepted': {
      const deadline = parsed.output.settle_deadline
      return isMsat(amount) && amount > 0
        ? { status: 'accepted', msat: amount, ...(typeof deadline === 'number' && { settleBefore: deadline }) }
        : unknown('the wallet names no amount held')
    }
    case 'cancelled': return { status: 'cancelled' }
    // NIP-47 has no other word for one that was given back.
    case 'failed': return v.is(Held, parsed.output.metadata) ? { status: 'cancelled' } : { status: 'failed', reason: 'the wallet gave this invoice up' }
    case 'pending': return expiresAt && expiresAt < now ? { status: 'expired' } : { status: 'pending' }
  }
}
