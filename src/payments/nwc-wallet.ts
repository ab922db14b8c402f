import * as v from 'valibot'
import type { Hex32 } from '../domain/brand'
import { isMsat } from '../domain/brand'
import type { DecodedInvoice } from '../domain/invoice/types'
import { connectionId } from '../domain/wallet/nwc-uri'
import type { PayErrorCode, PayOutcome, Wallet } from '../ports/wallet'
import { askBudget } from './nwc-budget'
import type { NwcOptions, NwcRequest } from './nwc-client'
import { openNwc } from './nwc-client'
import { NwcInfo, NwcPaid, NwcTransaction, transactionState } from './nwc-messages'
import { provenPreimage } from './preimage'

const PAY_MS = 60_000
const LOOKUP_MS = 10_000

const unknown = (reason: string): PayOutcome => ({ status: 'unknown', reason })
const failed = (code: PayErrorCode, detail: string): PayOutcome => ({ status: 'failed', code, detail })

/** The wallet did not take the request up at all: nothing was paid by it, nor by a former one with this connection. */
const NOT_TAKEN_UP: Readonly<Record<string, PayErrorCode>> = { NOT_IMPLEMENTED: 'not_implemented', RESTRICTED: 'refused', UNAUTHORIZED: 'unauthorized', EXPIRED: 'unauthorized' }
/** Certain only when a lookup does not say otherwise: the very invoice may have been paid by an earlier request. */
const REFUSED: Readonly<Record<string, PayErrorCode>> = { INSUFFICIENT_BALANCE: 'insufficient_balance', QUOTA_EXCEEDED: 'quota_exceeded', RATE_LIMITED: 'refused' }

type Looked = { readonly state: 'pending' | 'failed' | 'missing' | 'silent' } | { readonly state: 'settled', readonly outcome: PayOutcome }

/** A shopper's wallet by NIP-47. The rules that save money are payments.md §4.4. */
export function openNwcWallet(options: NwcOptions): Wallet {
  const { clock } = options
  const client = openNwc(options)
  /** One request per invoice, signed once: asking again repeats it, until it was answered for good. */
  const requests = new Map<Hex32, NwcRequest>()
  const done = new Map<Hex32, PayOutcome>()

  async function look(paymentHash: Hex32): Promise<Looked> {
    const reply = await client.ask('lookup_invoice', { payment_hash: paymentHash }, { timeoutMs: LOOKUP_MS })
    if (reply.type === 'error')
      return { state: reply.code === 'NOT_FOUND' ? 'missing' : 'silent' }
    const found = reply.type === 'result' ? v.safeParse(NwcTransaction, reply.value) : null
    // An incoming one of the same hash is somebody paying this wallet, not this wallet paying.
    if (!found?.success || found.output.payment_hash !== paymentHash || found.output.type === 'incoming')
      return { state: 'silent' }
    const state = transactionState(found.output)
    if (state === 'settled')
      return { state, outcome: paid(found.output.preimage, found.output.fees_paid, paymentHash) }
    // `accepted`: the receiver has it in hand and has not taken it; it may yet come back.
    return { state: state === 'failed' || state === 'cancelled' ? 'failed' : 'pending' }
  }

  async function afterError(code: string, message: string, paymentHash: Hex32): Promise<PayOutcome> {
    const plain = NOT_TAKEN_UP[code]
    if (plain)
      return failed(plain, message)
    const looked = await look(paymentHash)
    if (looked.state === 'settled')
      return looked.outcome
    if (looked.state === 'pending')
      return unknown('the wallet is still trying')
    const refusal = REFUSED[code]
    if (refusal)
      return failed(refusal, message)
    if (looked.state === 'failed' || (code === 'PAYMENT_FAILED' && looked.state === 'missing'))
      return failed('payment_failed', message)
    return unknown(message || code)
  }

  return {
    kind: 'nwc',
    id: connectionId(options.connection),
    async pay(invoice, { signal } = {}) {
      const { paymentHash } = invoice
      const before = done.get(paymentHash)
      if (before)
        return before
      const outcome = await payOnce(invoice, signal)
      if (outcome.status === 'paid')
        done.set(paymentHash, outcome)
      // A refused request is over; the next try is a new one.
      if (outcome.status === 'failed')
        requests.delete(paymentHash)
      return outcome
    },
    async resolve(paymentHash) {
      const looked = await look(paymentHash)
      switch (looked.state) {
        case 'settled': return looked.outcome
        case 'failed': return failed('payment_failed', 'The wallet says that it did not go through')
        case 'pending': return unknown('the wallet is still trying')
        case 'missing': return unknown('the wallet does not know it')
        case 'silent': return unknown('no answer yet')
      }
    },
    budget: async () => askBudget(client, (await client.abilities())?.methods ?? await methodsByInfo()),
    dispose: () => client.dispose(),
  }

  /** A wallet that published nothing about itself may still say it when asked. */
  async function methodsByInfo(): Promise<readonly string[]> {
    const reply = await client.ask('get_info', {}, { timeoutMs: LOOKUP_MS })
    const info = reply.type === 'result' ? v.safeParse(NwcInfo, reply.value) : null
    return info?.success ? info.output.methods : []
  }

  async function payOnce({ bolt11, paymentHash, expiresAt }: DecodedInvoice, signal?: AbortSignal): Promise<PayOutcome> {
    const former = requests.get(paymentHash)
    const looked = former && await look(paymentHash)
    if (looked?.state === 'settled')
      return looked.outcome
    if (!former && expiresAt <= clock.now())
      return failed('expired', 'The invoice has expired')
    const request = former ?? await client.prepare('pay_invoice', { invoice: bolt11 }, { expiresAt })
    if (!request)
      return failed('payment_failed', 'No relay of your wallet can be reached. Nothing was sent')
    requests.set(paymentHash, request)
    const reply = await client.send(request, { timeoutMs: PAY_MS, signal })
    switch (reply.type) {
      case 'result': return afterResult(reply.value, paymentHash)
      case 'error': return afterError(reply.code, reply.message, paymentHash)
      case 'none': return reply.reason === 'aborted' ? unknown('stopped waiting') : afterSilence(reply.reason, paymentHash)
    }
  }

  async function afterSilence(reason: string, paymentHash: Hex32): Promise<PayOutcome> {
    const looked = await look(paymentHash)
    return looked.state === 'settled' ? looked.outcome : unknown(reason === 'undecryptable' ? 'the answer could not be read' : 'no answer yet')
  }

  async function afterResult(value: unknown, paymentHash: Hex32): Promise<PayOutcome> {
    const answer = v.safeParse(NwcPaid, value)
    const outcome = answer.success ? paid(answer.output.preimage, answer.output.fees_paid, paymentHash) : unknown('preimage_mismatch')
    if (outcome.status === 'paid')
      return outcome
    const looked = await look(paymentHash)
    return looked.state === 'settled' ? looked.outcome : outcome
  }
}

function paid(preimage: unknown, fees: unknown, paymentHash: Hex32): PayOutcome {
  const proven = provenPreimage(preimage, paymentHash)
  return proven ? { status: 'paid', preimage: proven, fees: isMsat(fees) ? fees : null } : unknown('preimage_mismatch')
}
