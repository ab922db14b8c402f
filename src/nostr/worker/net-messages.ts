import * as v from 'valibot'
import type { Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import { isPubkey } from '../../domain/brand'
import type { Filter, NostrEvent } from '../../domain/protocol/event'
import { isRecord } from '../../domain/protocol/json'
import type { CatalogBatch } from '../../ports/catalog-feed'
import type { KnownEvent, RelayStatus } from '../../ports/relays'

/** What the page says to the worker that holds the connections. `id` names one undertaking, until it has ended. */
export type ToNet =
  | { readonly type: 'start', readonly verifiers: readonly MessagePort[], readonly loopbackImages: boolean }
  | { readonly type: 'subscribe', readonly id: number, readonly relays: readonly RelayUrl[], readonly filters: readonly Filter[] }
  | { readonly type: 'fetch', readonly id: number, readonly relays: readonly RelayUrl[], readonly filters: readonly Filter[], readonly pageSize?: number | undefined, readonly firstPageSize?: number | undefined }
  | { readonly type: 'catalog', readonly id: number, readonly relays: readonly RelayUrl[] }
  | { readonly type: 'missing', readonly id: number, readonly relay: RelayUrl, readonly filter: Filter, readonly known: readonly KnownEvent[] }
  | { readonly type: 'look', readonly merchant: Pubkey, readonly relays: readonly RelayUrl[] }
  | { readonly type: 'remember', readonly event: NostrEvent }
  | { readonly type: 'end', readonly id: number }
  | { readonly type: 'publish', readonly id: number, readonly event: NostrEvent, readonly relays: readonly RelayUrl[] }
  | { readonly type: 'consent', readonly pubkey: Pubkey | null }
  | { readonly type: 'consented', readonly id: number, readonly yes: boolean }
  | { readonly type: 'signed', readonly id: number, readonly event: NostrEvent | null }
  | { readonly type: 'retry' | 'close' }

/** Strings of a worker of our own whose content was checked there: here only what they are, not again every letter. */
const relay = v.custom<RelayUrl>(value => typeof value === 'string')
const seconds = v.custom<Seconds>(value => typeof value === 'number')
const pubkey = v.custom<Pubkey>(isPubkey)
const event = v.custom<NostrEvent>(value => isRecord(value) && typeof value['id'] === 'string' && typeof value['content'] === 'string' && Array.isArray(value['tags']))
const listed = v.custom<never>(value => isRecord(value) && typeof value['address'] === 'string')
const batch = v.custom<CatalogBatch>(value => isRecord(value) && isListOf(listed, value['products']) && isListOf(listed, value['stalls']) && isListOf(listed, value['seen']) && isListOf(listed, value['reviews']) && isListOf(listed, value['paymentDetails']) && Array.isArray(value['profiles']) && Array.isArray(value['gone']))
const answer = v.object({ url: relay, outcome: v.picklist(['stored', 'retry-later', 'auth-needed', 'refused', 'invalid', 'pow', 'unreachable', 'no-answer']), text: v.string() })
const status = v.custom<RelayStatus>(value => isRecord(value) && typeof value['url'] === 'string' && typeof value['state'] === 'string' && Array.isArray(value['notices']))
const id = v.number()

const isListOf = (schema: v.GenericSchema, value: unknown): boolean => Array.isArray(value) && value.every(one => v.is(schema, one))

const FromNetSchema = v.variant('type', [
  v.object({ type: v.literal('events'), id, from: relay, events: v.array(event) }),
  v.object({ type: v.literal('stored'), id, from: relay, complete: v.boolean() }),
  v.object({ type: v.literal('closed'), id, from: relay, reason: v.string() }),
  v.object({ type: v.literal('fetched'), id, complete: v.array(relay), incomplete: v.array(relay) }),
  v.object({ type: v.literal('compared'), id, ids: v.nullable(v.array(v.string())) }),
  v.object({ type: v.literal('answer'), id, answer }),
  v.object({ type: v.literal('published'), id, answers: v.array(answer) }),
  v.object({ type: v.literal('statuses'), statuses: v.array(status) }),
  v.object({ type: v.literal('ask-consent'), id, relay }),
  v.object({ type: v.literal('ask-sign'), id, relay, pubkey, event: v.object({ kind: v.literal(22_242), created_at: seconds, tags: v.array(v.array(v.string())), content: v.literal('') }) }),
  v.object({ type: v.literal('batch'), id, batch }),
  v.object({ type: v.literal('progress'), id, progress: v.object({ phase: v.picklist(['device', 'first-page', 'paging', 'live', 'offline']), received: v.number(), refused: v.number(), complete: v.pipe(v.array(relay), v.readonly()) }) }),
])

/** What the worker says to the page. */
export type FromNet = v.InferOutput<typeof FromNetSchema>

/** null: nothing that our worker says. */
export function readFromNet(value: unknown): FromNet | null {
  const read = v.safeParse(FromNetSchema, value)
  return read.success ? read.output : null
}

const TYPES: ReadonlySet<string> = new Set<ToNet['type']>(['start', 'subscribe', 'fetch', 'missing', 'catalog', 'look', 'remember', 'end', 'publish', 'consent', 'consented', 'signed', 'retry', 'close'])
const ToNetSchema = v.custom<ToNet>(value => isRecord(value) && typeof value['type'] === 'string' && TYPES.has(value['type']))

/** The page is our own: what it says is believed beyond its type, which alone decides what is done. */
export function readToNet(value: unknown): ToNet | null {
  const read = v.safeParse(ToNetSchema, value)
  return read.success ? read.output : null
}
