import type { EventId, Pubkey, Seconds } from '../brand'

/** A signed event as NIP-01 has it, after shape, id and signature were checked. */
export interface NostrEvent {
  readonly id: EventId
  readonly pubkey: Pubkey
  readonly created_at: Seconds
  readonly kind: number
  readonly tags: readonly (readonly string[])[]
  readonly content: string
  readonly sig: string
}

export interface UnsignedEvent {
  readonly kind: number
  readonly created_at: Seconds
  readonly tags: readonly (readonly string[])[]
  readonly content: string
}

/** Unsigned event inside a seal (NIP-59); `id` is its hash. */
export interface Rumor extends UnsignedEvent { readonly id: EventId, readonly pubkey: Pubkey }

interface OpenedBase {
  /** Event id (kind 4, public), or rumor id. */
  readonly id: EventId
  readonly author: Pubkey
  readonly receiver: Pubkey
  readonly sentAt: Seconds
  readonly plaintext: string
  /** The event that brought it, where that is another one: a gift wrap. */
  readonly carrier?: EventId
  /** The time that the carrier bears: any of the days before it was made. */
  readonly carriedAt?: Seconds
}

/** A rumor out of its wrap, or the same as Plebeian signs it in the open: kind and tags say what it is. */
export interface TaggedMessage extends OpenedBase {
  readonly transport: 'nip59' | 'public'
  readonly kind: number
  readonly tags: Rumor['tags']
}

/** A message once opened, whatever carried it: the codecs' one input. */
export type OpenedMessage = (OpenedBase & { readonly transport: 'nip04' }) | TaggedMessage

/** A relay filter (NIP-01). */
export interface Filter {
  readonly ids?: readonly string[]
  readonly authors?: readonly string[]
  readonly kinds?: readonly number[]
  readonly since?: number
  readonly until?: number
  readonly limit?: number
  readonly [tag: `#${string}`]: readonly string[] | undefined
}

export const kinds = {
  profile: 0, directMessage: 4, deletion: 5, stall: 30017, product: 30018, market: 30019,
  gammaProduct: 30402, gammaDraft: 30403, collection: 30405, shippingOption: 30406, review: 31555, appData: 30078,
  relayList: 10002, inboxRelays: 10050, auth: 22242, seal: 13, chat: 14, order: 16, receipt: 17, giftWrap: 1059,
  remoteSigner: 24133, nwcInfo: 13194, nwcRequest: 23194, nwcResponse: 23195, nwcNotification04: 23196, nwcNotification: 23197,
} as const
