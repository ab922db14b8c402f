import type { Pubkey, Seconds } from '../../domain/brand'
import type { Letter } from './open-letter'

/**
 * How often a signer that asks a person is asked without a tap. Whoever sends a thousand gift wraps makes a key for each, so
 * that no list of senders helps: what counts is whether we ever wrote to the sender. Wraps do not say who that is, and share
 * the strangers' part (T20).
 */
export interface Allowance {
  /** This account wrote to them. true: that was not known. */
  answered(person: Pubkey): boolean
  /** Written by somebody this account wrote to. */
  isFriends(letter: Letter): boolean
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

  const isFriends = ({ scheme, event }: Letter): boolean => scheme === 'nip04' && people.has(event.pubkey)

  return {
    answered(person) {
      const isNew = !people.has(person)
      people.add(person)
      return isNew
    },
    isFriends,
    take: letter => letter.scheme === null || takeFrom(isFriends(letter) ? friends : strangers),
  }
}
