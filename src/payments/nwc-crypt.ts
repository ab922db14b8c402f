import { hexToBytes } from '@noble/hashes/utils.js'
import { decrypt as open04, encrypt as seal04 } from 'nostr-tools/nip04'
import { v2 as nip44 } from 'nostr-tools/nip44'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import * as v from 'valibot'
import type { EventId, Hex32, Pubkey, Seconds } from '../domain/brand'
import { isEventId, isPubkey } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'

export type NwcScheme = 'nip44_v2' | 'nip04'
export const otherScheme = (scheme: NwcScheme): NwcScheme => scheme === 'nip04' ? 'nip44_v2' : 'nip04'

/** Answers beyond this are not opened: what we ask for fits many times. */
const CIPHERTEXT_MAX = 256 * 1024

export interface NwcCrypt {
  readonly pubkey: Pubkey
  seal(scheme: NwcScheme, plaintext: string): string
  /** Whichever scheme it is in: a wallet may answer in another than it was asked in (payments.md §4.2). `null`: neither opens it. */
  open(ciphertext: string): string | null
  sign(kind: number, createdAt: Seconds, tags: string[][], content: string): NostrEvent
}

const Signed = v.looseObject({ id: v.custom<EventId>(isEventId), pubkey: v.custom<Pubkey>(isPubkey) })

/** Works with the connection's secret: an authority over money, held in this closure only (T16). */
export function nwcCrypt(secret: Hex32, wallet: Pubkey): NwcCrypt {
  const key = hexToBytes(secret)
  const conversation = nip44.utils.getConversationKey(key, wallet)
  const pubkey = v.parse(v.custom<Pubkey>(isPubkey), getPublicKey(key))

  const trying = (work: () => string): string | null => {
    try {
      return work()
    }
    catch (thrown) {
      // Both codecs throw plain errors for anything that is not theirs.
      if (thrown instanceof Error)
        return null
      throw thrown
    }
  }
  const openBy = (scheme: NwcScheme, text: string) =>
    trying(() => scheme === 'nip04' ? open04(key, wallet, text) : nip44.decrypt(text, conversation))

  return {
    pubkey,
    seal: (scheme, plaintext) => scheme === 'nip04' ? seal04(key, wallet, plaintext) : nip44.encrypt(plaintext, conversation),
    open(text) {
      if (text.length > CIPHERTEXT_MAX)
        return null
      return openBy(text.includes('?iv=') ? 'nip04' : 'nip44_v2', text)
    },
    sign(kind, createdAt, tags, content) {
      const event = finalizeEvent({ kind, created_at: createdAt, tags, content }, key)
      const { id } = v.parse(Signed, event)
      return { id, pubkey, created_at: createdAt, kind, tags, content, sig: event.sig }
    },
  }
}
