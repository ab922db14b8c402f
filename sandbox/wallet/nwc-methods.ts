import type { Account, Transaction } from './till'
import type { WalletFaults } from './faults'

/** What a connection with these rights is told about. */
export const notificationsOf = (methods: readonly string[]): readonly string[] => ['payment_received', 'payment_sent', ...methods.includes('make_hold_invoice') ? ['hold_invoice_accepted'] : []]

export type Answer = { readonly result: Readonly<Record<string, unknown>> } | { readonly error: { readonly code: string, readonly message: string } }

export const RECEIVE = ['get_info', 'get_balance', 'make_invoice', 'lookup_invoice', 'list_transactions'] as const
/** A wallet whose node can hold: receiving rights, since nothing can leave it by them. */
export const HOLD = [...RECEIVE, 'make_hold_invoice', 'settle_hold_invoice', 'cancel_hold_invoice'] as const
export const SPEND = [...RECEIVE, 'pay_invoice'] as const

const refuse = (code: string, message: string): Answer => ({ error: { code, message } })
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A transaction in NIP-47's words; amounts in msat. */
export function toWire(transaction: Transaction, now: number): Readonly<Record<string, unknown>> {
  const { type, bolt11, paymentHash, description, amountMsat, createdAt, expiresAt, settledAt, preimage, metadata } = transaction
  const state = settledAt !== null ? 'settled' : transaction.held ? 'accepted' : transaction.failed ? 'failed' : now > expiresAt ? 'expired' : 'pending'
  return { type, state, invoice: bolt11, description, payment_hash: paymentHash, amount: transaction.receivedMsat ?? amountMsat, fees_paid: 0, created_at: createdAt, expires_at: expiresAt, metadata, ...(transaction.held ? { settle_deadline: transaction.held.settleBefore } : {}), ...(settledAt === null ? {} : { settled_at: settledAt, preimage }) }
}

/** Answers one NIP-47 request for an account. Never throws for what a client may send. */
export async function answerRequest(account: Account, methods: readonly string[], faults: WalletFaults, now: () => number, method: string, params: Readonly<Record<string, unknown>>): Promise<Answer> {
  if (!methods.includes(method))
    return ([...SPEND, ...HOLD] as readonly string[]).includes(method) ? refuse('RESTRICTED', 'this connection may not do that') : refuse('NOT_IMPLEMENTED', method)
  if (faults.fail !== null && (faults.failOn === null || faults.failOn === method))
    return refuse(faults.fail, 'as asked for by the test')
  switch (method) {
    case 'get_info':
      return { result: { alias: `Sandbox: ${account.name}`, color: '#b4531f', pubkey: '', network: 'regtest', block_height: 0, block_hash: '', methods, notifications: notificationsOf(methods) } }
    case 'get_balance':
      return { result: { balance: account.balanceMsat } }
    case 'make_invoice': {
      const amount = Number(params['amount'])
      if (!Number.isSafeInteger(amount) || amount <= 0)
        return refuse('OTHER', 'amount')
      const made = await account.makeInvoice(amount, text(params['description']), Number(params['expiry'] ?? 3600), metadataOf(params))
      return { result: toWire(made, now()) }
    }
    case 'make_hold_invoice':
      return makeHold(account, now, params)
    case 'settle_hold_invoice': {
      const preimage = text(params['preimage'])
      const settled = HEX32.test(preimage) ? await account.settleHold(preimage) : 'not-held'
      return settled === 'settled' ? { result: {} } : settled === 'already-settled' ? refuse('OTHER', 'this invoice is settled already') : refuse('NOT_FOUND', 'nothing is held for it')
    }
    case 'cancel_hold_invoice': {
      const cancelled = await account.cancelHold(text(params['payment_hash']))
      return cancelled === 'cancelled' ? { result: {} } : cancelled === 'already-settled' ? refuse('OTHER', 'this invoice is settled already') : refuse('NOT_FOUND', 'no such invoice')
    }
    case 'lookup_invoice': {
      const hash = text(params['payment_hash'])
      const found = [...account.transactions.values()].find(entry => entry.paymentHash === hash || entry.bolt11 === text(params['invoice']).toLowerCase())
      return found === undefined ? refuse('NOT_FOUND', 'no such invoice') : { result: toWire(found, now()) }
    }
    case 'list_transactions':
      return { result: { transactions: list(account, params).map(entry => toWire(entry, now())) } }
    case 'pay_invoice':
      return pay(account, faults, text(params['invoice']))
    default:
      return refuse('NOT_IMPLEMENTED', method)
  }
}

const HEX32 = /^[0-9a-f]{64}$/
const metadataOf = ({ metadata }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => typeof metadata === 'object' && metadata !== null ? metadata as Readonly<Record<string, unknown>> : {}

async function makeHold(account: Account, now: () => number, params: Readonly<Record<string, unknown>>): Promise<Answer> {
  const amount = Number(params['amount'])
  const hash = text(params['payment_hash'])
  if (!Number.isSafeInteger(amount) || amount <= 0 || !HEX32.test(hash))
    return refuse('OTHER', 'amount or payment_hash')
  if (account.transactions.has(hash))
    return refuse('OTHER', 'there is an invoice with this payment hash already')
  return { result: toWire(await account.makeHoldInvoice(amount, hash, text(params['description']), Number(params['expiry'] ?? 3600), metadataOf(params)), now()) }
}

function list(account: Account, params: Readonly<Record<string, unknown>>): readonly Transaction[] {
  const number = (name: string, usual: number): number => (Number.isSafeInteger(params[name]) ? Number(params[name]) : usual)
  const from = number('from', 0)
  const until = number('until', Number.MAX_SAFE_INTEGER)
  const offset = number('offset', 0)
  return [...account.transactions.values()]
    .filter(entry => entry.createdAt >= from && entry.createdAt <= until && (params['unpaid'] === true || entry.settledAt !== null) && (params['type'] === undefined || params['type'] === entry.type))
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(offset, offset + Math.min(number('limit', 20), 50))
}

async function pay(account: Account, faults: WalletFaults, invoice: string): Promise<Answer> {
  const outcome = await account.pay(invoice)
  if (outcome.paid)
    return faults.internalAfterPaying ? refuse('INTERNAL', 'something broke') : { result: { preimage: outcome.preimage, fees_paid: outcome.feesMsat } }
  switch (outcome.reason) {
    case 'over-balance':
    case 'insufficient':
      return refuse('INSUFFICIENT_BALANCE', 'not enough, fees included')
    case 'already-paid':
      return refuse('OTHER', 'this invoice has already been paid')
    case 'under-way':
      return refuse('OTHER', 'there is already a payment pending for this invoice')
    case 'expired':
      return refuse('PAYMENT_FAILED', 'the invoice has expired')
    case 'returned':
      return refuse('PAYMENT_FAILED', 'the receiver did not take it; it is back')
    case 'no-route':
    case 'not-ours':
      return refuse('PAYMENT_FAILED', 'no route')
  }
}
