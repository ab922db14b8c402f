/**
 * Which dialect a case is in, by its shape alone: its kinds. Souk reads every message, and listings of NIP-15; listings of
 * the others are named, and neither passed nor failed.
 */
import { kinds } from '../../src/domain/protocol/event'
import { isRecord } from '../../src/domain/protocol/json'
import { recordOf, records, textOf, type Case, type Fields } from './fixture-set'

/** NIP-99 listings, shipping options, collections. */
const GAMMA: ReadonlySet<number> = new Set([30_402, 30_403, 30_405, 30_406])
/** Reviews, and Plebeian's payment details. */
const OTHERS: ReadonlySet<number> = new Set([31_555, 30_078])

/** null: a dialect we speak. */
export function foreignDialect(one: Case): string | null {
  const { payload } = one
  if (isMessage(payload) || Array.isArray(payload['messages']))
    return null
  const carriers = [payload['event'], ...records(payload['events']), ...records(payload['known'])].filter(isRecord)
  if (carriers.some(({ kind }) => typeof kind === 'number' && (GAMMA.has(kind) || OTHERS.has(kind))))
    return ['plebeian', 'shopstr'].includes(one.peer) ? one.peer : 'gamma'
  if (carriers.some(event => event['kind'] === kinds.market && isShopProfile(event)))
    return 'shopstr'
  return dialectOfOurs(payload)
}

const MESSAGES: ReadonlySet<unknown> = new Set([kinds.directMessage, kinds.chat, kinds.order, kinds.receipt, kinds.giftWrap])
const isMessage = (payload: Fields): boolean => MESSAGES.has(recordOf(payload['event'])['kind'])

/** Shopstr keeps a merchant's own profile in kind 30019, with `d` = its author (nip15.md §5). */
function isShopProfile(event: Fields): boolean {
  const tags: readonly unknown[] = Array.isArray(event['tags']) ? event['tags'] : []
  return tags.some(tag => Array.isArray(tag) && tag[0] === 'd' && tag[1] === event['pubkey'])
}

/** A product of ours in a dialect that is named. */
function dialectOfOurs(payload: Fields): string | null {
  const named = textOf(recordOf(payload['product'])['dialect'])
  return named === '' || named === 'nip15' ? null : named
}
