import { makeAuthEvent } from 'nostr-tools/nip42'
import type { Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import { kinds } from '../../domain/protocol/event'
import type { NostrEvent } from '../../domain/protocol/event'
import type { Clock } from '../../ports/clock'
import type { AuthState } from '../../ports/relays'

/** As `AuthPolicy`; in a worker the page has to be asked, so consent may take a moment. */
export interface Consent {
  readonly pubkey: Pubkey
  readonly allowed: (relay: RelayUrl) => boolean | Promise<boolean>
  readonly sign: (event: { kind: number, created_at: Seconds, tags: string[][], content: string }) => Promise<NostrEvent | null>
}

/** NIP-42 on one connection: who we are is told only to relays that the user chose (T23), and only when something needs it. */
export interface RelayAuth {
  readonly state: AuthState
  /** The relay asked; what it shows without an answer may not be everything. */
  readonly asked: boolean
  /** We said on this connection who we are, whatever the relay made of it. */
  readonly told: boolean
  setConsent(consent: Consent | null): void
  challenged(challenge: string): void
  /** A new connection: nobody is known there any more. */
  reset(): void
  /** Resolves true once the relay knows us. Waits a moment for a challenge that is on its way. */
  ensure(patienceMs: number): Promise<boolean>
  /** Takes the OK that answers our AUTH; false: it answers something else. */
  answered(id: string, stored: boolean, text: string): boolean
}

const ANSWER_MS = 8_000

interface Attempt { readonly challenge: string, readonly outcome: Promise<boolean> }

export function openAuth(url: RelayUrl, clock: Clock, send: (frame: readonly unknown[]) => boolean, onState: () => void): RelayAuth {
  let state: AuthState = 'none'
  let challenge: string | null = null
  let consent: Consent | null = null
  let attempt: Attempt | null = null
  let waiting: { readonly id: string, readonly done: (yes: boolean) => void } | null = null
  let heard = new AbortController()
  /** The signer said no: not asked again until the user changes something. */
  let declined = false
  /** Waited for a challenge on this connection, and none came. */
  let quiet = false
  let told = false

  function become(next: AuthState): void {
    if (state === next)
      return
    state = next
    onState()
  }

  async function answer(asked: string): Promise<boolean> {
    const by = consent
    const still = () => challenge === asked && consent === by
    if (by === null || declined || !await by.allowed(url)) {
      if (still())
        become('needed')
      return false
    }
    // What the signer thinks about needs nobody's decision any more.
    if (still())
      become('none')
    // The address that we sign is the one we connected to, whatever the relay calls itself.
    const template = makeAuthEvent(url, asked)
    const signed = await by.sign({ kind: kinds.auth, created_at: clock.now(), tags: template.tags, content: '' })
    if (!still())
      return false
    if (signed === null) {
      declined = true
      become('needed')
      return false
    }
    const limit = new AbortController()
    const said = new Promise<boolean>((done) => { waiting = { id: signed.id, done } })
    if (!send(['AUTH', signed]))
      return false
    told = true
    const known = await Promise.race([said, clock.sleep(ANSWER_MS, limit.signal).then(() => false)])
    limit.abort()
    if (still())
      become(known ? 'done' : 'refused')
    return known
  }

  return {
    get state() { return state },
    get asked() { return challenge !== null },
    get told() { return told },
    setConsent(next) {
      const same = next?.pubkey === consent?.pubkey
      consent = next
      declined = false
      if (!same || state !== 'done')
        attempt = null
    },
    challenged(text) {
      if (challenge === text)
        return
      challenge = text
      attempt = null
      heard.abort()
      become(consent === null ? 'needed' : 'none')
    },
    reset() {
      challenge = null
      attempt = null
      waiting?.done(false)
      waiting = null
      heard = new AbortController()
      quiet = false
      told = false
      become('none')
    },
    async ensure(patienceMs) {
      if (challenge === null && !quiet) {
        await clock.sleep(patienceMs, heard.signal)
        quiet = true
      }
      if (challenge === null)
        return false
      if (attempt?.challenge !== challenge)
        attempt = { challenge, outcome: answer(challenge) }
      return attempt.outcome
    },
    answered(id, stored, _text) {
      if (waiting?.id !== id)
        return false
      waiting.done(stored)
      waiting = null
      return true
    },
  }
}
