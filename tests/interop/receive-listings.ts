/** What we make of a public event: a listing, a deletion, or nothing for the market. */
import type { Seconds } from '../../src/domain/brand'
import { applyDeletion, offer } from '../../src/domain/catalog/latest'
import { versionOf } from '../../src/domain/catalog/listing-version'
import type { Deletion, Listing } from '../../src/domain/catalog/types'
import { kinds, type NostrEvent } from '../../src/domain/protocol/event'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { readInboxRelays, readRelayList } from '../../src/domain/protocol/relay-list'
import type { Case, Fields } from './fixture-set'
import { listingView } from './listing-views'
import type { Outcome } from './verdict'
import { knownOf, marketOf, nowOf, type World } from './world'

/** Reasons for which a thing is passed over rather than refused. */
const PASSED_OVER: ReadonlySet<string> = new Set(['delete-without-target', 'unsupported', 'kind', 'repost', 'own-review'])

export function receivePublic(one: Case, event: NostrEvent, world: World): Outcome {
  if (event.kind === kinds.inboxRelays)
    return { outcome: 'accept', as: 'inbox-relays', value: readInboxRelays(event) }
  if (event.kind === kinds.relayList)
    return { outcome: 'accept', as: 'relay-list', value: readRelayList(event) }
  const listing = decodePublic(event)
  if (!listing.ok)
    return { outcome: PASSED_OVER.has(listing.error.code) ? 'ignore' : 'refuse', reason: listing.error.code }
  return absorbed(one, listing.value, world)
}

function absorbed(one: Case, listing: Listing, world: World): Outcome {
  const now = nowOf(one, world.clock)
  if (listing.type === 'deletion')
    return { outcome: 'accept', as: 'delete', value: deletionView(knownOf(one), listing.deletion, now) }
  const market = marketOf(knownOf(one), now)
  const value = listingView(listing, market.stalls, nowOf(one, world.clock))
  const version = versionOf(listing)
  if (version === null)
    return { outcome: 'accept', as: listing.type, value }
  const verdict = offer(market.latest, version, now)
  if (!verdict.take && verdict.reason !== 'same')
    return { outcome: verdict.reason === 'future' ? 'hold' : 'ignore', reason: verdict.reason }
  return { outcome: 'accept', as: listing.type, value, supersedes: verdict.take ? verdict.supersedes : null }
}

/** `hides`: each version that would be on the shelf but for the deletion, each by itself. `stillShown`: the shelf afterwards. */
function deletionView(known: readonly Fields[], deletion: Deletion, now: Seconds) {
  const market = marketOf(known, now)
  applyDeletion(market.latest, deletion)
  return {
    hides: known.flatMap(event => applyDeletion(marketOf([event], now).latest, deletion).map(version => version.eventId)),
    stillShown: [...market.latest.current.values()].map(version => version.eventId),
  }
}
