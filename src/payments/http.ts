import * as v from 'valibot'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import { boundedText } from '../ports/bounded-text'

export type HttpError =
  /** Offline, DNS, TLS, mixed content, or an answer without CORS headers: browsers do not say which. */
  | { readonly code: 'unreachable' }
  | { readonly code: 'timeout' }
  | { readonly code: 'aborted' }
  | { readonly code: 'too-large' }
  | { readonly code: 'not-json', readonly status: number }
  /** The answer is JSON of another shape; `path` says where. */
  | { readonly code: 'shape', readonly path: string }
  | { readonly code: 'status', readonly status: number, readonly body: unknown }

export interface HttpAsk<S extends v.GenericSchema> {
  readonly url: string
  readonly schema: S
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
  /** Read no further than this; default 1 MiB. */
  readonly maxBytes?: number
  /** `error`: whoever hands the question on to another address has given no answer. */
  readonly redirect?: 'follow' | 'error'
}

/** An answer larger than this is not read on: no wallet or rate source needs it. */
const MAX_BYTES = 1024 * 1024
const TIMEOUT_MS = 10_000

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** One JSON question with a time limit, a size limit and a schema. Cookies and referrer are never sent. */
export async function askJson<S extends v.GenericSchema>(ask: HttpAsk<S>, fetcher?: Fetch): Promise<Result<v.InferOutput<S>, HttpError>> {
  const answer = await askJsonFrom(ask, fetcher)
  return answer.ok ? ok(answer.value.value) : answer
}

/** The same, with the address that answered in the end: a question may have been handed on. */
export async function askJsonFrom<S extends v.GenericSchema>(ask: HttpAsk<S>, fetcher: Fetch = (url, init) => fetch(url, init)): Promise<Result<{ readonly value: v.InferOutput<S>, readonly url: string }, HttpError>> {
  const limit = AbortSignal.timeout(ask.timeoutMs ?? TIMEOUT_MS)
  const signal = ask.signal ? AbortSignal.any([ask.signal, limit]) : limit
  try {
    const response = await fetcher(ask.url, {
      method: ask.method ?? 'GET',
      headers: { Accept: 'application/json', ...ask.body === undefined ? {} : { 'Content-Type': 'application/json' }, ...ask.headers },
      ...ask.body === undefined ? {} : { body: JSON.stringify(ask.body) },
      signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      ...ask.redirect === undefined ? {} : { redirect: ask.redirect },
    })
    const text = await boundedText(response, ask.maxBytes ?? MAX_BYTES)
    if (text === null)
      return err({ code: 'too-large' })
    const json = parseJson(text)
    if (!response.ok)
      return err({ code: 'status', status: response.status, body: json.ok ? json.value : text.slice(0, 200) })
    if (!json.ok)
      return err({ code: 'not-json', status: response.status })
    const value = v.safeParse(ask.schema, json.value)
    return value.success ? ok({ value: value.output, url: response.url === '' ? ask.url : response.url }) : err({ code: 'shape', path: v.getDotPath(value.issues[0]) ?? '' })
  }
  catch (thrown) {
    if (ask.signal?.aborted)
      return err({ code: 'aborted' })
    if (limit.aborted)
      return err({ code: 'timeout' })
    // fetch rejects with a TypeError for everything that kept it from an answer; a broken body comes as one too.
    if (thrown instanceof TypeError || thrown instanceof DOMException)
      return err({ code: 'unreachable' })
    throw thrown
  }
}

function parseJson(text: string): Result<unknown, 'not-json'> {
  try {
    return ok(JSON.parse(text))
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return err('not-json')
    throw thrown
  }
}
