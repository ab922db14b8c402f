/** Gift wraps as a peer makes them, and as nobody should: each layer may be spoilt. */
import { encrypt, getConversationKey } from 'nostr-tools/nip44'
import type { Seconds } from '../../src/domain/brand'
import type { NostrEvent, Rumor } from '../../src/domain/protocol/event'
import type { RumorTemplate } from '../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../src/domain/protocol/gift-wrap'
import { toSeconds } from '../../src/domain/brand'
import { T0 } from './order-messages'
import { person, signed, type Person } from './signed'

export const cipher = (from: Person, to: Person, text: string): string => encrypt(text, getConversationKey(from.secret, to.pubkey))

export interface Layers {
  readonly from: Person
  readonly to: Person
  /** Who seals it, if not the author. */
  readonly sealer?: Person
  readonly at?: Seconds
  /** What the wrap says instead: any time of the two days before. */
  readonly wrapAt?: Seconds
  readonly spoilRumor?: (rumor: Rumor) => unknown
  readonly spoilSeal?: (seal: NostrEvent) => unknown
  readonly sealTags?: string[][]
  readonly sealKind?: number
  /** Whom the wrap names. */
  readonly p?: Person
}

export function wrapped(template: RumorTemplate, { from, to, sealer = from, at = toSeconds(T0), wrapAt = toSeconds(at - 2_000), spoilRumor = rumor => rumor, spoilSeal = seal => seal, sealTags = [], sealKind = 13, p = to }: Layers): NostrEvent {
  const rumor = toRumor(template, from.pubkey, at)
  const seal = signed({ kind: sealKind, created_at: at - 1_000, tags: sealTags, content: cipher(sealer, to, JSON.stringify(spoilRumor(rumor))) }, sealer)
  const once = person()
  return signed({ kind: 1059, created_at: wrapAt, tags: [['p', p.pubkey]], content: cipher(once, to, JSON.stringify(spoilSeal(seal))) }, once)
}
