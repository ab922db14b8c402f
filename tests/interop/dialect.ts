/**
 * Which dialect a case is in, by its shape alone: transport and kinds. Souk speaks NIP-15 over NIP-04 so far; what the
 * others bring is named, and neither passed nor failed.
 */
import { kinds } from '../../src/domain/protocol/event'
import { isRecord } from '../../src/domain/protocol/json'
import { recordOf, records, textOf, type Case, type Fields } from './fixture-set'

/** Chat, orders and receipts of the Gamma spec. Its listings are read. */
const GAMMA: ReadonlySet<number> = new Set([14, 16, 17])

/** null: a dialect we speak. */
export function foreignDialect(one: Case): string | null {
  const { payload } = one
  const events = [payload['event'], ...records(payload['events']), ...records(payload['known'])].filter(isRecord)
  const messages = records(payload['messages'])
  if ([payload, ...messages].some(carried => carried['transport'] === 'nip59') || events.some(({ kind }) => kind === kinds.giftWrap))
    return 'nip59'
  const carriers = [...events, ...messages.map(message => recordOf(message['event']))]
  if (messages.length === 0 && carriers.length > 0 && carriers.every(isRepost))
    return null
  if (carriers.some(({ kind }) => typeof kind === 'number' && GAMMA.has(kind)))
    return ['plebeian', 'shopstr'].includes(one.peer) ? one.peer : 'gamma'
  if ([payload, ...messages].some(carried => carried['transport'] === 'public'))
    return 'plebeian'
  return dialectOfOurs(payload)
}

/** Kind 16 that speaks of no order is NIP-18's repost, and no message. */
function isRepost(event: Fields): boolean {
  const tags: readonly unknown[] = Array.isArray(event['tags']) ? event['tags'] : []
  return event['kind'] === kinds.order && !tags.some(tag => Array.isArray(tag) && (tag[0] === 'order' || tag[0] === 'type'))
}

/** What we are to write: items named by a NIP-99 address, or a dialect that is named. */
function dialectOfOurs(payload: Fields): string | null {
  const named = textOf(recordOf(payload['product'])['dialect']) || textOf(recordOf(payload['order'])['dialect'])
  if (named !== '' && named !== 'nip15')
    return named
  const items = records(recordOf(payload['order'])['items'])
  return items.some(item => /^30402:/.test(textOf(item['productRef']))) ? 'gamma' : null
}
