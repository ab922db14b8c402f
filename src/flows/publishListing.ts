import type { RelayUrl, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import { parseAddress } from '../domain/catalog/address'
import type { Product } from '../domain/catalog/types'
import type { StockLeft } from '../domain/order/stock'
import type { NostrEvent } from '../domain/protocol/event'
import { tagValue } from '../domain/protocol/event-shape'
import { withStock } from '../domain/protocol/gamma-stock'
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
 * and letter by letter, but for the numbers of pieces: what we do not know of it is not ours to drop.
 */
export async function composeListing(deps: PublishListingDeps, product: Product, left: StockLeft, at: Seconds): Promise<Result<NostrEvent, PublishListingError>> {
  if (product.author !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  const original = await originalOf(deps, product)
  const counted = original === null ? null : recounted(original, product, left)
  return original === null || counted === null ? err({ code: 'no-original' }) : deps.signer.sign({ kind: original.kind, created_at: at, ...counted })
}

/** NIP-15 counts in its JSON, NIP-99 in tags. */
function recounted({ tags, content }: NostrEvent, { nip99 }: Product, left: StockLeft): Pick<NostrEvent, 'tags' | 'content'> | null {
  if (nip99 !== undefined) {
    const next = withStock(tags, left)
    return next && { tags: next, content }
  }
  const next = left.stock === null ? null : withQuantity(content, left.stock)
  return next === null ? null : { tags, content: next }
}

/** The event that this product was read from; null when no relay has it, or one has a newer version. */
async function originalOf({ relays, relaysFor }: PublishListingDeps, product: Product): Promise<NostrEvent | null> {
  const { address, author, id, eventId, publishedAt } = product
  const kind = parseAddress(address)?.kind
  if (kind === undefined)
    return null
  const versions: NostrEvent[] = []
  await relays.fetchAll({
    relays: relaysFor(product),
    filters: [{ kinds: [kind], authors: [author], '#d': [id] }],
    signal: new AbortController().signal,
    onEvents: events => versions.push(...events.filter(event => event.kind === kind && event.pubkey === author && tagValue(event, 'd') === id)),
  })
  const isNewer = (event: NostrEvent): boolean => event.created_at > publishedAt || (event.created_at === publishedAt && event.id < eventId)
  return versions.some(isNewer) ? null : versions.find(event => event.id === eventId) ?? null
}

/** The new version goes to every relay; at least one must take it. */
export async function publishListing({ relays, relaysFor }: PublishListingDeps, product: Product, event: NostrEvent, left: StockLeft): Promise<Result<Product, PublishListingError>> {
  const answers = await relays.publish(event, relaysFor(product))
  if (!answers.some(({ outcome }) => outcome === 'stored'))
    return err({ code: 'no-relay' })
  const { nip99 } = product
  const sizes = nip99?.variants.sizes.map(size => ({ ...size, stock: left.sizes.get(size.name) ?? size.stock }))
  return ok({
    ...product,
    stock: left.stock,
    eventId: event.id,
    publishedAt: event.created_at,
    ...(nip99 !== undefined && sizes !== undefined && { nip99: { ...nip99, variants: { ...nip99.variants, sizes } } }),
  })
}
