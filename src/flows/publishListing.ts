import type { EventId, RelayUrl, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { Product } from '../domain/catalog/types'
import { encodeProduct } from '../domain/protocol/nip15-encode'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'

export interface PublishListingDeps {
  readonly signer: Signer
  readonly clock: Pick<Clock, 'now'>
  readonly relays: Pick<Relays, 'publish'>
  /** Own relays, and every relay that ever held this listing: an old version must not stay anywhere. */
  readonly relaysFor: (product: Product) => readonly RelayUrl[]
}

export type PublishListingError = SignerError | { readonly code: 'not-yours' | 'no-price' | 'no-relay' }

/** Newer than what is there, whatever our clock says: the newest version counts everywhere. */
export const nextVersionAt = (product: Product, now: Seconds): Seconds => toSeconds(Math.max(now, product.publishedAt + 1))

/** An own product with these pieces left, as a new version of its listing; at least one relay must take it. */
export async function publishListing(deps: PublishListingDeps, product: Product, stock: number, at: Seconds): Promise<Result<Product, PublishListingError>> {
  if (product.author !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  if (product.price === null)
    return err({ code: 'no-price' })
  const next: Product = { ...product, stock }
  const event = await deps.signer.sign(encodeProduct(next, at))
  if (!event.ok)
    return event
  const answers = await deps.relays.publish(event.value, deps.relaysFor(product))
  if (!answers.some(({ outcome }) => outcome === 'stored'))
    return err({ code: 'no-relay' })
  const eventId: EventId = event.value.id
  return ok({ ...next, eventId, publishedAt: at })
}
