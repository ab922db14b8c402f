import type { Pubkey } from '../../domain/brand'
import type { Filter } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'

/** What relays are asked for, of both dialects. Each filter is paged by itself. */

/** The first screen: nothing else stands before it. */
export const goods: Filter = { kinds: [kinds.product, kinds.gammaProduct] }

/** What goods hang on: stalls and ways to send. Drafts only take goods off the shelf. */
export const besideGoods: readonly Filter[] = [{ kinds: [kinds.stall, kinds.shippingOption, kinds.collection, kinds.gammaDraft] }, { kinds: [kinds.market] }]

/** By anybody, so they are no merchant's whose deletions we hear of otherwise. */
export const opinions: readonly Filter[] = [{ kinds: [kinds.review] }, { kinds: [kinds.deletion], '#k': [String(kinds.review)] }]

export const liveListings = (since: number): readonly Filter[] => [
  { kinds: [kinds.stall, kinds.product, kinds.market, kinds.gammaProduct, kinds.gammaDraft, kinds.collection, kinds.shippingOption, kinds.review], since },
  { kinds: [kinds.deletion], '#k': [String(kinds.review)], since },
]

/** Somebody who deletes notes all day long: so many of the latest count. */
const MOST_DELETIONS = 5_000
/** So many payment details of a hundred merchants at most: Plebeian's have one or two each. */
const MOST_DETAILS = 1_000
const PAYMENT_DETAIL = { 'kinds': [kinds.appData], '#l': ['payment_detail'] }

/** Who merchants are, what they deleted, how they are paid. */
export const ofMerchants = (authors: readonly Pubkey[]): readonly Filter[] => [
  { kinds: [kinds.profile, kinds.market], authors },
  { kinds: [kinds.deletion], authors, limit: MOST_DELETIONS },
  { ...PAYMENT_DETAIL, authors, limit: MOST_DETAILS },
]

/** Where they publish (NIP-65). */
export const relayLists = (authors: readonly Pubkey[]): readonly Filter[] => [{ kinds: [kinds.relayList], authors }]

export const liveOfMerchants = (authors: readonly Pubkey[], since: number): Filter => ({ kinds: [kinds.profile, kinds.deletion, kinds.market], authors, since })
/** Of all merchants in one filter: relays take only so many. */
export const livePayments = (authors: readonly Pubkey[], since: number): Filter => ({ ...PAYMENT_DETAIL, authors, since })
