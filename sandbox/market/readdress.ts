import type { Event, Filter } from '@nostr-relay/common'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { PEOPLE } from './goods'
import { secretOf } from './seed'

const PICTURE = /http:\/\/127\.0\.0\.1:\d+(?=\/images\/)/g
const LOOPBACK = /^ws:\/\/127\.0\.0\.1:\d+/

/**
 * The demo people's listings and relay lists with today's addresses: another free port was taken than at the last start.
 * One second newer than before, so that they replace the old ones and keep their order.
 */
export function readdressed(find: (filter: Filter) => readonly Event[], walletUrl: string, relayUrl: string): readonly Event[] {
  return Object.keys(PEOPLE).flatMap((name) => {
    const secret = secretOf(name)
    return find({ kinds: [10002, 30018], authors: [getPublicKey(secret)] }).flatMap((event) => {
      const content = event.kind === 30018 ? event.content.replace(PICTURE, walletUrl) : event.content
      const tags = event.kind === 10002 ? event.tags.map(tag => tag.map(value => value.replace(LOOPBACK, relayUrl))) : event.tags
      const same = content === event.content && JSON.stringify(tags) === JSON.stringify(event.tags)
      return same ? [] : [finalizeEvent({ kind: event.kind, created_at: event.created_at + 1, tags, content }, secret) as Event]
    })
  })
}
