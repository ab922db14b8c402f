import type { RelayUrl, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { Product } from '../domain/catalog/types'
import { kinds, type NostrEvent } from '../domain/protocol/event'
import { tagValue } from '../domain/protocol/event-shape'
import { withQuantity } from '../domain/protocol/listing-quantity'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'

export interface PublishListingDeps {
  readonly signer: Pick<Signer, 'pubkey' | 'sign'>
  readonly clock: Pick<Clock, 'now'>
  readonly relays: Pick<Relays, 'publish' | 'fetchAll'>
  /** Own relays, and every relay that ever held this listing: an old version must not stay anywhere. */
  readonly relaysFor: (product: Product) => readonly RelayUrl[]
}

/** `no-original`: the listing cannot be had as it was published, or there is a newer one than we know. */
export type PublishListingError = SignerError | { readonly code: 'not-yours' | 'no-original' | 'no-relay' }

/** Newer than what is there, whatever our clock says: the newest version counts everywhere. */
export const nextVersionAt = (product: Product, now: Seconds): Seconds => toSeconds(Math.max(now, product.publishedAt + 1))

/**
 * An own listing with these pieces left, signed and not published yet. It is the event as its client made it, tag by tag
 * and letter by letter, but for the quantity: what we do not know of it is not ours to drop.
 */
export async function composeListing(deps: PublishListingDeps, product: Product, stock: number, at: Seconds): Promise<Result<NostrEvent, PublishListingError>> {
  if (product.author !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  const original = await originalOf(deps, product)
  const content = original === null ? null : withQuantity(original.content, stock)
  return original === null || content === null ? err({ code: 'no-original' }) : deps.signer.sign({ kind: original.kind, created_at: at, tags: original.tags, content })
}

/** The event that this product was read from; null when no relay has it, or one has a newer version. */
async function originalOf({ relays, relaysFor }: PublishListingDeps, product: Product): Promise<NostrEvent | null> {
  const { author, id, eventId, publishedAt } = product
  const versions: NostrEvent[] = []
  await relays.fetchAll({
    relays: relaysFor(product),
    filters: [{ kinds: [kinds.product], authors: [author], '#d': [id] }],
    signal: new AbortController().signal,
    onEvents: events => versions.push(...events.filter(event => event.kind === kinds.product && event.pubkey === author && tagValue(event, 'd') === id)),
  })
  const isNewer = (event: NostrEvent): boolean => event.created_at > publishedAt || (event.created_at === publishedAt && event.id < eventId)
  return versions.some(isNewer) ? null : versions.find(event => event.id === eventId) ?? null
}

/** The new version goes to every relay; at least one must take it. */
export async function publishListing({ relays, relaysFor }: PublishListingDeps, product: Product, event: NostrEvent, stock: number): Promise<Result<Product, PublishListingError>> {
  const answers = await relays.publish(event, relaysFor(product))
  if (!answers.some(({ outcome }) => outcome === 'stored'))
    return err({ code: 'no-relay' })
  return ok({ ...product, stock, eventId: event.id, publishedAt: event.created_at })
}
