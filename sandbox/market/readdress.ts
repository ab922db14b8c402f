import type { Event, Filter } from '@nostr-relay/common'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { PEOPLE } from './goods'
import { gammaPictures } from './gamma-seed'
import { addressOf, isPrepaid } from './prepaid'
import { demoPictures, secretOf } from './seed'

const PICTURE = /^http:\/\/127\.0\.0\.1:\d+\/images\//
const LOOPBACK = /^ws:\/\/127\.0\.0\.1:\d+/

/**
 * The demo people's listings and relay lists with today's addresses and pictures: another free port was taken than at the last
 * start, or the project draws them anew since.
 * One second newer than before, so that they replace the old ones and keep their order.
 */
export function readdressed(find: (filter: Filter) => readonly Event[], walletUrl: string, relayUrl: string): readonly Event[] {
  return Object.keys(PEOPLE).flatMap((name) => {
    const secret = secretOf(name)
    return find({ kinds: [...isPrepaid(name) ? [0] : [], 10002, 10050, 30018, 30402], authors: [getPublicKey(secret)] }).flatMap((event) => {
      const content = event.kind === 30018 ? repictured(event.content, walletUrl) : event.kind === 0 ? readdressedProfile(name, event.content, walletUrl) : event.content
      const tags = event.kind === 30402 ? repicturedTags(event.tags, walletUrl) : event.kind === 30018 ? event.tags : event.kind === 0 ? [['payment_preference', 'lud16']] : event.tags.map(tag => tag.map(value => value.replace(LOOPBACK, relayUrl)))
      const same = content === event.content && JSON.stringify(tags) === JSON.stringify(event.tags)
      return same ? [] : [finalizeEvent({ kind: event.kind, created_at: event.created_at + 1, tags, content }, secret) as Event]
    })
  })
}

/** An address leads to the port of today; everything else in the profile is the merchant's own. */
const readdressedProfile = (name: string, content: string, walletUrl: string): string =>
  JSON.stringify({ ...JSON.parse(content) as object, lud16: addressOf(name, walletUrl) })

/** A picture that a merchant put there is left alone. */
function repictured(content: string, walletUrl: string): string {
  const listing = JSON.parse(content) as { readonly id: string, readonly images?: readonly string[] }
  const wanted = demoPictures(listing.id, walletUrl)
  const ours = listing.images?.every(url => PICTURE.test(url)) === true
  return wanted === undefined || !ours || JSON.stringify(wanted) === JSON.stringify(listing.images) ? content : JSON.stringify({ ...listing, images: wanted })
}

/** The same for a listing in tags. */
function repicturedTags(tags: Event['tags'], walletUrl: string): Event['tags'] {
  const id = tags.find(([name]) => name === 'd')?.[1] ?? ''
  const wanted = gammaPictures(id, walletUrl) ?? demoPictures(id, walletUrl)
  const there = tags.filter(([name]) => name === 'image').map(([, url = '']) => url)
  if (wanted === undefined || wanted.length !== there.length || !there.every(url => PICTURE.test(url)))
    return tags
  const fresh = wanted.values()
  return tags.map(tag => (tag[0] === 'image' ? ['image', fresh.next().value ?? '', ...tag.slice(2)] : tag))
}
