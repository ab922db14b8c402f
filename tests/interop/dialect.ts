/**
 * Which dialect a case is in, by its shape alone: transport and kinds. Souk speaks NIP-15 over NIP-04 so far; what the
 * others bring is named, and neither passed nor failed.
 */
import { kinds } from '../../src/domain/protocol/event'
import { isRecord } from '../../src/domain/protocol/json'
import { recordOf, records, textOf, type Case, type Fields } from './fixture-set'

const SPOKEN: ReadonlySet<number> = new Set([
  kinds.profile, kinds.directMessage, kinds.deletion, kinds.stall, kinds.product, kinds.market, kinds.relayList, kinds.inboxRelays,
])
/** NIP-99 listings, shipping options, collections, orders and receipts. */
const GAMMA: ReadonlySet<number> = new Set([30_402, 30_403, 30_405, 30_406, 14, 16, 17])
const REVIEW = 31_555
const APP_DATA = 30_078

/** null: a dialect we speak. */
export function foreignDialect(one: Case): string | null {
  const { payload } = one
  const events = [payload['event'], ...records(payload['events']), ...records(payload['known'])].filter(isRecord)
  const messages = records(payload['messages'])
  if ([payload, ...messages].some(carried => carried['transport'] === 'nip59') || events.some(({ kind }) => kind === kinds.giftWrap))
    return 'nip59'
  const carriers = [...events, ...messages.map(message => recordOf(message['event']))]
  const foreign = carriers.find(({ kind }) => typeof kind === 'number' && !SPOKEN.has(kind))
  if (foreign !== undefined)
    return dialectOfKind(Number(foreign['kind']), one.peer)
  const shops = carriers.find(event => event['kind'] === kinds.market && isShopProfile(event))
  if (shops !== undefined)
    return 'shopstr'
  if ([payload, ...messages].some(carried => carried['transport'] === 'public'))
    return 'plebeian'
  return dialectOfOurs(payload)
}

function dialectOfKind(kind: number, peer: string): string {
  if (GAMMA.has(kind) || kind === REVIEW || kind === APP_DATA)
    return ['plebeian', 'shopstr'].includes(peer) ? peer : 'gamma'
  return peer === 'shopstr' || peer === 'plebeian' ? peer : `kind ${kind}`
}

/** Shopstr keeps a merchant's own profile in kind 30019, with `d` = its author (nip15.md §5). */
function isShopProfile(event: Fields): boolean {
  const tags: readonly unknown[] = Array.isArray(event['tags']) ? event['tags'] : []
  return tags.some(tag => Array.isArray(tag) && tag[0] === 'd' && tag[1] === event['pubkey'])
}

/** What we are to write: items named by a NIP-99 address, or a dialect that is named. */
function dialectOfOurs(payload: Fields): string | null {
  const named = textOf(recordOf(payload['product'])['dialect']) || textOf(recordOf(payload['order'])['dialect'])
  if (named !== '' && named !== 'nip15')
    return named
  const items = records(recordOf(payload['order'])['items'])
  return items.some(item => /^30402:/.test(textOf(item['productRef']))) ? 'gamma' : null
}
