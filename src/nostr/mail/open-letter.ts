import type { Pubkey } from '../../domain/brand'
import { readDirectMessage } from '../../domain/protocol/direct-message'
import { kinds, type NostrEvent } from '../../domain/protocol/event'
import { readPublicMessage, readWrap } from '../../domain/protocol/gift-wrap'
import { limits } from '../../domain/limits'
import { err, ok, type Result } from '../../domain/result'
import type { SpoiltLetter } from '../../ports/mail'
import type { LetterOutcome, Signer, Unreadable } from '../../ports/signer'
import { openGiftWrap } from '../nip59'

const SHOWN_TEXT = 4_000

/** Whether a seal was really signed; its shape and hash are checked before. */
export type CheckSeal = (seal: NostrEvent) => Promise<boolean>
type Reader = Pick<Signer, 'pubkey' | 'nip04Decrypt' | 'nip44Decrypt'>

/** A letter to or from this account, as far as it can be told without a key. `scheme` null: it was written in the open. */
export interface Letter { readonly event: NostrEvent, readonly scheme: 'nip04' | 'nip44' | null, readonly open: (signer: Reader, check: CheckSeal) => Promise<LetterOutcome> }

/** For who wants to look at it. A wrap's author is a key of its own, and says nothing. */
export const spoiltOf = ({ kind, pubkey, content }: NostrEvent): SpoiltLetter =>
  ({ ...(kind !== kinds.giftWrap && { from: pubkey }), text: content.slice(0, SHOWN_TEXT) })

/** Its id and signature are checked; `err` = nothing of ours, or nothing at all. */
export function readLetter(event: NostrEvent, me: Pubkey): Result<Letter, Unreadable> {
  if (event.kind === kinds.giftWrap) {
    const wrap = readWrap(event, me)
    return wrap.ok ? ok({ event, scheme: 'nip44', open: (signer, check) => openGiftWrap(event, signer, check) }) : wrap
  }
  if (event.kind !== kinds.directMessage) {
    const message = readPublicMessage(event, me)
    return message.ok ? ok({ event, scheme: null, open: async () => message }) : message
  }
  const parties = readDirectMessage(event, me)
  if (!parties.ok || event.content.length > 2 * limits.messageContent)
    return err({ code: 'direct-message' })
  const { receiver, counterparty } = parties.value
  return ok({ event, scheme: 'nip04', async open(signer) {
    const text = await signer.nip04Decrypt(counterparty, event.content)
    if (!text.ok)
      return text
    return text.value.length > limits.messageContent
      ? err({ code: 'limit' })
      : ok({ id: event.id, author: event.pubkey, receiver, sentAt: event.created_at, transport: 'nip04', plaintext: text.value })
  } })
}
