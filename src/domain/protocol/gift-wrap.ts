import type { EventId, Pubkey, Seconds } from '../brand'
import type { Result } from '../result'
import type { NostrEvent, OpenedMessage, Rumor, UnsignedEvent } from './event'
import { isEventId, isPubkey, isSeconds } from '../brand'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { hashEvent, idHolds, readEvent, readTags, tagValue, tagValues } from './event-shape'
import { field, isRecord, parseJson } from './json'

/** What is wrong with a gift wrap, from the outside in. */
export type GiftWrapError = { readonly code: 'not-for-us' | 'decrypt' | 'limit' | 'seal-shape' | 'seal-kind' | 'seal-tags' | 'seal-sig' | 'rumor-shape' | 'seal-author' | 'rumor-id' | 'not-a-party' }

const refused = (code: GiftWrapError['code']): Result<never, GiftWrapError> => err({ code })
const PAYLOAD = /^[A-Za-z0-9+/]+={0,2}$/
/** Version, nonce, padded text and MAC in base64 (NIP-44). */
const SHORTEST = 132
const LONGEST = 2 * limits.messageContent

const isPayload = (content: string): boolean => content.length >= SHORTEST && content.length <= LONGEST && PAYLOAD.test(content)

/**
 * The outermost layer (NIP-59 kind 1059, transport.md §5.1), its own id and signature checked before. Its author is a key
 * made for it, which says nothing of the sender: it is only whom to decrypt with.
 */
export function readWrap(event: NostrEvent, me: Pubkey): Result<{ readonly counterparty: Pubkey }, GiftWrapError> {
  if (event.kind !== kinds.giftWrap || !tagValues(event, 'p').includes(me))
    return refused('not-for-us')
  return isPayload(event.content) ? ok({ counterparty: event.pubkey }) : refused('decrypt')
}

/**
 * What was in a wrap: a seal without tags whose id is its hash (transport.md §5.3). Its signature is still to be checked:
 * `seal-sig` where that fails.
 */
export function readSeal(plaintext: string): Result<NostrEvent, GiftWrapError> {
  const json = parseJson(plaintext, LONGEST)
  if (!json.ok)
    return refused(json.error.code === 'limit' ? 'limit' : 'seal-shape')
  if (!isRecord(json.value))
    return refused('seal-shape')
  // Said before its shape: a bare rumor, which has no signature, is of the wrong kind first of all.
  if (field(json.value, 'kind') !== kinds.seal)
    return refused('seal-kind')
  const seal = readEvent(json.value)
  if (!seal.ok)
    return refused(seal.error.code === 'limit' ? 'limit' : 'seal-shape')
  if (seal.value.tags.length > 0)
    return refused('seal-tags')
  if (!idHolds(seal.value))
    return refused('seal-sig')
  return isPayload(seal.value.content) ? seal : refused('decrypt')
}

/**
 * What was in a seal whose signature holds: a rumor by the sealer himself, its id its own hash, from us or to us
 * (transport.md §5.4). The rumor's time is the message's; a signature in it is dropped.
 */
export function readRumor(plaintext: string, seal: NostrEvent, me: Pubkey): Result<OpenedMessage, GiftWrapError> {
  const json = parseJson(plaintext, limits.messageContent)
  if (!json.ok)
    return refused(json.error.code === 'limit' ? 'limit' : 'rumor-shape')
  const rumor = rumorShape(json.value)
  if (!rumor.ok)
    return rumor
  const { id, pubkey, tags, kind, content, created_at: sentAt } = rumor.value
  if (pubkey !== seal.pubkey)
    return refused('seal-author')
  if (!isEventId(id) || hashEvent(rumor.value) !== id)
    return refused('rumor-id')
  const receiver = receiverOf({ pubkey, tags }, me)
  return receiver === null ? refused('not-a-party') : ok({ id, author: pubkey, receiver, sentAt, transport: 'nip59', plaintext: content, kind, tags })
}

function rumorShape(value: unknown): Result<Omit<Rumor, 'id'> & { readonly id: unknown }, GiftWrapError> {
  if (!isRecord(value))
    return refused('rumor-shape')
  const [pubkey, at, kind, content] = ['pubkey', 'created_at', 'kind', 'content'].map(name => field(value, name))
  const tags = readTags(field(value, 'tags'))
  if (!tags.ok)
    return refused(tags.error.code === 'limit' ? 'limit' : 'rumor-shape')
  if (!isPubkey(pubkey) || !isSeconds(at) || typeof kind !== 'number' || !Number.isInteger(kind) || typeof content !== 'string')
    return refused('rumor-shape')
  return ok({ id: field(value, 'id'), pubkey, created_at: at, kind, tags: tags.value, content })
}

/** The first `p` is the receiver, as in kind 4; null where neither he nor the author is this account. */
function receiverOf({ pubkey, tags }: Pick<Rumor, 'pubkey' | 'tags'>, me: Pubkey): Pubkey | null {
  const receiver = tagValue({ tags }, 'p')
  return isPubkey(receiver) && (receiver === me || pubkey === me) ? receiver : null
}

/** An order message that Plebeian signs in the open (gamma.md §5, §8.7), its id and signature checked before: read like a rumor of its author. */
export function readPublicMessage(event: NostrEvent, me: Pubkey): Result<OpenedMessage, GiftWrapError> {
  const { id, pubkey, tags, kind, content, created_at: sentAt } = event
  if (content.length > limits.messageContent)
    return refused('limit')
  const receiver = receiverOf(event, me)
  return receiver === null ? refused('not-for-us') : ok({ id, author: pubkey, receiver, sentAt, transport: 'public', plaintext: content, kind, tags })
}

/** What we seal: the template as ours, with the id that makes it one message in however many wraps (NIP-59). */
export function toRumor(template: Omit<UnsignedEvent, 'created_at'>, pubkey: Pubkey, at: Seconds): Rumor {
  const rumor = { kind: template.kind, created_at: at, tags: template.tags, content: template.content, pubkey }
  return { ...rumor, id: hashEvent(rumor) as EventId }
}
