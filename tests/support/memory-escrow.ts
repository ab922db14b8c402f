/** An escrow in memory: locks, releases by its clock, and has an arbiter. It proves by naming itself. */
import { toMsat, type Msat, type Pubkey } from '../../src/domain/brand'
import type { EscrowFact } from '../../src/domain/order/held-money'
import { err, ok } from '../../src/domain/result'
import type { Clock } from '../../src/ports/clock'
import type { Escrow, EscrowErrorCode, EscrowTerms } from '../../src/ports/escrow'

interface Lock { readonly terms: EscrowTerms, state: 'open' | EscrowFact['state'] }

export interface MemoryEscrow extends Escrow {
  /** The shopper's payment arrives there. @returns whether it was wanted */
  pay(payTo: string, msat: Msat): boolean
  readonly arbiter: Pubkey
  goOffline(off: boolean): void
}

export function createMemoryEscrow({ clock, arbiter, openSeconds = 3_600 }: { readonly clock: Pick<Clock, 'now'>, readonly arbiter: Pubkey, readonly openSeconds?: number }): MemoryEscrow {
  const locks = new Map<string, Lock & { readonly openedAt: number }>()
  let offline = false
  const no = (code: EscrowErrorCode, detail = '') => err({ code, detail })

  function end(ref: string, to: 'released' | 'refunded', may: (terms: EscrowTerms) => readonly Pubkey[], by: Pubkey) {
    const lock = locks.get(ref)
    if (offline || lock === undefined)
      return no(offline ? 'escrow_offline' : 'unknown_lock')
    tick(lock)
    // In a dispute only the arbiter takes a side; giving in is still everybody's own.
    if (by !== arbiter && !may(lock.terms).includes(by))
      return no('not_allowed')
    if (lock.state === to)
      return ok(undefined)
    if (lock.state !== 'locked' && lock.state !== 'disputed')
      return no('ended', lock.state)
    lock.state = to
    return ok(undefined)
  }
  function tick(lock: Lock): void {
    if (lock.state === 'locked' && clock.now() >= lock.terms.releaseAt)
      lock.state = 'released'
  }

  return {
    provider: 'memory escrow',
    arbiter,
    goOffline: (off) => { offline = off },
    async open(terms) {
      if (offline)
        return no('escrow_offline')
      const ref = `${terms.orderId}:${terms.shopper.slice(0, 8)}:${terms.merchant.slice(0, 8)}`
      const known = locks.get(ref)
      if (known !== undefined && JSON.stringify(known.terms) !== JSON.stringify(terms))
        return no('escrow_refused', 'other terms')
      if (known === undefined)
        locks.set(ref, { terms, state: 'open', openedAt: clock.now() })
      return ok({ ref, payTo: `pay:${ref}`, fee: toMsat(0) })
    },
    async state(ref) {
      const lock = locks.get(ref)
      if (offline || lock === undefined)
        return { status: 'unknown', reason: offline ? 'offline' : 'no such lock' }
      tick(lock)
      if (lock.state === 'open')
        return { status: clock.now() > lock.openedAt + openSeconds ? 'expired' : 'open' }
      return { status: lock.state, msat: lock.terms.amount, proof: `${lock.state} by memory escrow` }
    },
    release: async (ref, by) => end(ref, 'released', ({ shopper }) => [shopper], by),
    refund: async (ref, by) => end(ref, 'refunded', ({ merchant }) => [merchant], by),
    async dispute(ref, by) {
      const lock = locks.get(ref)
      if (offline || lock === undefined)
        return no(offline ? 'escrow_offline' : 'unknown_lock')
      tick(lock)
      if (by !== lock.terms.shopper && by !== lock.terms.merchant)
        return no('not_allowed')
      if (lock.state !== 'locked' && lock.state !== 'disputed')
        return no('ended', lock.state)
      lock.state = 'disputed'
      return ok(undefined)
    },
    pay(payTo, msat) {
      const lock = locks.get(payTo.replace(/^pay:/, ''))
      if (lock === undefined || lock.state !== 'open' || msat < lock.terms.amount || clock.now() > lock.openedAt + openSeconds)
        return false
      lock.state = 'locked'
      return true
    },
    dispose: () => undefined,
  }
}
