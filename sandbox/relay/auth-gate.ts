import type { Event, Filter } from '@nostr-relay/common'
import { randomUUID } from 'node:crypto'

/** `silent`: as stock strfry, private kinds are simply not shown; `closed`: the subscription is refused in words. */
export type AuthMode = 'off' | 'silent' | 'closed'

const PRIVATE = new Set([4, 1059])

/** NIP-42 on one socket: several keys may authenticate; private kinds are shown to author and receiver only. */
export class AuthGate {
  readonly challenge = randomUUID()
  private readonly keys = new Set<string>()

  constructor(private readonly mode: AuthMode, private readonly verify: (event: Event) => boolean, private readonly now: () => number) {}

  get asks(): boolean {
    return this.mode !== 'off'
  }

  /** '' when the key is let in, else the reason. */
  answer(event: Event, host: string): string {
    const tag = (name: string): string => event.tags.find(([key]) => key === name)?.[1] ?? ''
    if (event.kind !== 22242 || tag('challenge') !== this.challenge)
      return 'invalid: wrong challenge'
    if (Math.abs(event.created_at - this.now()) > 600)
      return 'invalid: created_at is too far off'
    if (!URL.canParse(tag('relay')) || new URL(tag('relay')).host !== host)
      return 'invalid: wrong relay'
    if (!this.verify(event))
      return 'invalid: bad signature'
    this.keys.add(event.pubkey)
    return ''
  }

  refuses(filters: readonly Filter[]): boolean {
    return this.mode === 'closed' && this.keys.size === 0 && filters.some(filter => filter.kinds?.some(kind => PRIVATE.has(kind)) === true)
  }

  shows(event: Event): boolean {
    return !this.asks || !PRIVATE.has(event.kind) || this.keys.has(event.pubkey) || event.tags.some(([name, value]) => name === 'p' && value !== undefined && this.keys.has(value))
  }
}
