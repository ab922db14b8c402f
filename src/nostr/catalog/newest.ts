import type { Address, Pubkey, Seconds } from '../../domain/brand'
import { toAddress } from '../../domain/catalog/address'
import type { Verdict, Version } from '../../domain/catalog/latest'
import { applyDeletion, createLatest, offer } from '../../domain/catalog/latest'
import type { Deletion } from '../../domain/catalog/types'
import type { NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { tagValue } from '../../domain/protocol/event-shape'

/**
 * `perAuthor`: of all kinds together. `besidesGoods`: of what one merchant has beside goods (ways to send, groups, ways to be
 * paid), since each counts for all of the goods. Reviews come from anybody, so they have room of their own.
 */
export interface MarketLimits {
  readonly perAuthor: number
  readonly besidesGoods: number
  readonly listings: number
  readonly deletedPerAuthor: number
  readonly reviews: number
  readonly reviewsPerProduct: number
}
export const marketLimits: MarketLimits = { perAuthor: 20_000, besidesGoods: 300, listings: 150_000, deletedPerAuthor: 20_000, reviews: 30_000, reviewsPerProduct: 200 }

/** Which versions count, and how many of whom we keep (T20). */
export interface Newest {
  /** This very version is here. */
  has(event: NostrEvent): boolean
  /** No room for one more of its author or its kind. New versions of what is here are welcome. */
  isTooMany(event: NostrEvent): boolean
  offer(version: Version): Verdict
  /** What is gone by it; null: its author has deleted more than we remember of one. */
  delete(deletion: Deletion): readonly Version[] | null
  /** Makes room: no deletion, it may come again. */
  evict(version: Version): void
}

const BESIDES: readonly number[] = [kinds.market, kinds.collection, kinds.shippingOption, kinds.appData]
const COUNTED: readonly number[] = [...BESIDES, kinds.stall, kinds.product, kinds.gammaProduct, kinds.gammaDraft, kinds.review]
const kindOf = (address: Address): number => Number.parseInt(address, 10)
export const addressOf = (event: NostrEvent): Address => toAddress(event.kind, event.pubkey, tagValue(event, 'd'))

export function createNewest(limits: MarketLimits, now: () => Seconds): Newest {
  const latest = createLatest()
  const perAuthor = new Map<Pubkey, number>()
  const besidesOf = new Map<Pubkey, number>()
  const deletedOf = new Map<Pubkey, number>()
  let reviews = 0

  function count({ author, address }: Version, by: 1 | -1): void {
    perAuthor.set(author, (perAuthor.get(author) ?? 0) + by)
    if (BESIDES.includes(kindOf(address)))
      besidesOf.set(author, (besidesOf.get(author) ?? 0) + by)
    if (kindOf(address) === kinds.review)
      reviews += by
  }

  const isFull = ({ kind, pubkey }: NostrEvent): boolean =>
    (kind === kinds.review ? reviews >= limits.reviews : latest.current.size - reviews >= limits.listings)
    || (perAuthor.get(pubkey) ?? 0) >= limits.perAuthor
    || (BESIDES.includes(kind) && (besidesOf.get(pubkey) ?? 0) >= limits.besidesGoods)

  return {
    has: event => latest.current.get(addressOf(event))?.eventId === event.id,
    isTooMany: event => COUNTED.includes(event.kind) && isFull(event) && !latest.current.has(addressOf(event)),
    offer(version) {
      const isNew = !latest.current.has(version.address)
      const verdict = offer(latest, version, now())
      if (verdict.take && isNew)
        count(version, 1)
      else if (!verdict.take && verdict.reason === 'deleted' && verdict.gone !== null)
        count(verdict.gone, -1)
      return verdict
    },
    delete(deletion) {
      const deleted = (deletedOf.get(deletion.author) ?? 0) + deletion.eventIds.length + deletion.addresses.length
      if (deleted > limits.deletedPerAuthor)
        return null
      deletedOf.set(deletion.author, deleted)
      const gone = applyDeletion(latest, deletion)
      gone.forEach(version => count(version, -1))
      return gone
    },
    evict(version) {
      if (!latest.current.delete(version.address))
        return
      latest.byId.delete(version.eventId)
      count(version, -1)
    },
  }
}
