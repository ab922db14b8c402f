import * as v from 'valibot'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { WalletError } from '../ports/invoices'
import type { Fetch, HttpError } from './http'
import { askJson } from './http'

/** Fields that we use of a Payment (payments.md §3.3): names and forms differ across versions. */
export const LnbitsPayment = v.object({
  payment_hash: v.optional(v.nullable(v.string()), ''),
  amount: v.optional(v.number()),
  bolt11: v.nullish(v.string()),
  payment_request: v.nullish(v.string()),
  status: v.nullish(v.string()),
  pending: v.nullish(v.boolean()),
  preimage: v.nullish(v.string()),
  memo: v.nullish(v.string()),
  time: v.nullish(v.union([v.string(), v.number()])),
  updated_at: v.nullish(v.union([v.string(), v.number()])),
  extra: v.nullish(v.record(v.string(), v.unknown())),
})
export type LnbitsPayment = v.InferOutput<typeof LnbitsPayment>

const Wallet = v.object({ id: v.nullish(v.string()), name: v.optional(v.string(), ''), balance: v.optional(v.number()) })
const State = v.object({ paid: v.boolean(), status: v.nullish(v.string()), preimage: v.nullish(v.string()), details: v.nullish(LnbitsPayment) })
const History = v.pipe(v.array(LnbitsPayment), v.maxLength(1000))
const Health = v.looseObject({})

export const HISTORY = 100

export interface LnbitsApi {
  wallet(signal?: AbortSignal): Promise<Result<v.InferOutput<typeof Wallet>, WalletError>>
  create(body: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Result<LnbitsPayment, WalletError>>
  state(paymentHash: string, signal?: AbortSignal): Promise<Result<v.InferOutput<typeof State>, WalletError>>
  /** A hundred payments, newest first; `page` from 0. */
  history(signal?: AbortSignal, page?: number): Promise<Result<readonly LnbitsPayment[], WalletError>>
}

/**
 * The invoice, by its old or its new name (payments.md §3.3). Where a card company takes the money, the old name holds a web
 * address: only what begins like an invoice is one.
 */
export const invoiceIn = ({ bolt11, payment_request: old }: Pick<LnbitsPayment, 'bolt11' | 'payment_request'>): string =>
  [bolt11, old].find(text => typeof text === 'string' && /^ln/i.test(text)) ?? ''

/**
 * Where LNbits is: https, or http on this machine. A copied wallet address (`…/wallet?usr=…`) is cut to its start.
 * `null`: no such address.
 */
export function lnbitsBase(text: string): string | null {
  if (!URL.canParse(text.trim()))
    return null
  const url = new URL(text.trim())
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    return null
  return url.origin + url.pathname.replace(/\/(wallet|api)(\/.*)?$/, '').replace(/\/+$/, '')
}

export function lnbitsApi(base: string, invoiceKey: string, fetcher?: Fetch): LnbitsApi {
  const headers = { 'X-Api-Key': invoiceKey }

  async function ask<S extends v.GenericSchema>(path: string, schema: S, more: { method?: 'POST', body?: unknown, signal?: AbortSignal | undefined, timeoutMs?: number } = {}): Promise<Result<v.InferOutput<S>, WalletError>> {
    const answer = await askJson({ url: `${base}/api/v1/${path}`, schema, headers, ...more }, fetcher)
    if (answer.ok)
      return answer
    if (answer.error.code !== 'unreachable')
      return err(walletError(answer.error))
    // The same words from the browser for offline, 429 and a crash (their answers lack CORS headers): health tells them apart.
    const health = await askJson({ url: `${base}/api/v1/health`, schema: Health, timeoutMs: 4000, signal: more.signal }, fetcher)
    return err({ code: 'source_offline', detail: health.ok ? 'The wallet answers, but not to this: too many requests, or a fault there' : 'The wallet cannot be reached' })
  }

  return {
    wallet: signal => ask('wallet', Wallet, { signal }),
    create: (body, signal) => ask('payments', LnbitsPayment, { method: 'POST', body, signal, timeoutMs: 20_000 }),
    state: (hash, signal) => ask(`payments/${hash}`, State, { signal }),
    history: async (signal, page = 0) => {
      const answer = await ask(`payments?limit=${HISTORY}&offset=${page * HISTORY}&sortby=time&direction=desc`, History, { signal })
      return answer.ok ? ok(answer.value) : answer
    },
  }
}

const Detail = v.object({ detail: v.union([v.string(), v.array(v.unknown())]) })

/** payments.md §3.6, by status first and never by text alone. */
export function walletError(error: HttpError): WalletError {
  switch (error.code) {
    case 'timeout': return { code: 'no_answer', detail: 'The wallet did not answer in time' }
    case 'aborted': return { code: 'no_answer', detail: 'Stopped waiting' }
    case 'unreachable': return { code: 'source_offline', detail: 'The wallet cannot be reached' }
    case 'too-large':
    case 'not-json':
    case 'shape': return { code: 'source_refused', detail: 'This is not how an LNbits wallet answers' }
    case 'status': return byStatus(error.status, error.body)
  }
}

function byStatus(status: number, body: unknown): WalletError {
  const parsed = v.safeParse(Detail, body)
  const detail = parsed.success && typeof parsed.output.detail === 'string' ? parsed.output.detail.slice(0, 300) : ''
  if (status === 401 || status === 403 || (status === 404 && /wallet/i.test(detail)))
    return { code: 'source_unauthorized', detail }
  if (status === 404)
    return { code: 'source_refused', detail: detail || 'not found' }
  if (status === 429)
    return { code: 'rate_limited', detail }
  if (status >= 500 && status !== 520)
    return { code: 'source_offline', detail: detail || `status ${status}` }
  return { code: 'source_refused', detail: detail || 'The wallet did not understand' }
}
