/**
 * Which dialect a case is in, by its shape alone: transport and kinds. Souk speaks NIP-15 over NIP-04 so far; what the
 * others bring is named, and neither passed nor failed.
 */
import { kinds } from '../../src/domain/protocol/event'
import { isRecord } from '../../src/domain/protocol/json'
import { recordOf, records, textOf, type Case, type Fields } from './fixture-set'

/** NIP-99 listings, shipping options, collections, orders and receipts. */
const GAMMA: ReadonlySet<number> = new Set([30_402, 30_403, 30_405, 30_406, 14, 16, 17])
/** Reviews, and Plebeian's payment details. */
const OTHERS: ReadonlySet<number> = new Set([31_555, 30_078])

/** null: a dialect we speak. */
export function foreignDialect(one: Case): string | null {
  const { payload } = one
  const events = [payload['event'], ...records(payload['events']), ...records(payload['known'])].filter(isRecord)
  const messages = records(payload['messages'])
  if ([payload, ...messages].some(carried => carried['transport'] === 'nip59') || events.some(({ kind }) => kind === kinds.giftWrap))
    return 'nip59'
  const carriers = [...events, ...messages.map(message => recordOf(message['event']))]
  if (carriers.some(({ kind }) => typeof kind === 'number' && (GAMMA.has(kind) || OTHERS.has(kind))))
    return ['plebeian', 'shopstr'].includes(one.peer) ? one.peer : 'gamma'
  if (carriers.some(event => event['kind'] === kinds.market && isShopProfile(event)))
    return 'shopstr'
  if ([payload, ...messages].some(carried => carried['transport'] === 'public'))
    return 'plebeian'
  return dialectOfOurs(payload)
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
