import type { Pubkey, Seconds } from '../../domain/brand'
import type { Letter } from './open-letter'

/**
 * How often a signer that asks a person is asked without a tap. Whoever sends a thousand gift wraps makes a key for each, so
 * that no list of senders helps: what counts is whether we ever wrote to the sender. Wraps do not say who that is, and share
 * the strangers' part (T20).
 */
export interface Allowance {
  /** This account wrote to them. */
  answered(person: Pubkey): void
  /** Whether this letter may be opened now; takes one of what is left. */
  take(letter: Letter): boolean
}

interface Part { readonly most: number, readonly perMinute: number, left: number, at: Seconds }

export function createAllowance(me: Pubkey, now: () => Seconds): Allowance {
  const people = new Set<Pubkey>([me])
  const strangers: Part = { most: 30, perMinute: 6, left: 30, at: now() }
  const friends: Part = { most: 120, perMinute: 30, left: 120, at: now() }

  function takeFrom(part: Part): boolean {
    const at = now()
    part.left = Math.min(part.most, part.left + Math.max(0, at - part.at) / 60 * part.perMinute)
    part.at = at
    if (part.left < 1)
      return false
    part.left -= 1
    return true
  }

  return {
    answered: person => void people.add(person),
    take: ({ scheme, event }) => scheme === null || takeFrom(scheme === 'nip04' && people.has(event.pubkey) ? friends : strangers),
  }
}
