import type { Hex32 } from '../brand'
import { escrowStates, type EscrowFact, type HeldMoney, type Hold, type HoldFact, type HoldWord } from './held-money'
import type { Paid } from './payments'
import type { Asked } from './requests'
import { isBefore, type Entry, type Position } from './sequence'

interface Seen {
  readonly steps: Map<HoldFact['step'], Position & { readonly fact: HoldFact }>
  readonly words: Map<HoldWord['state'], Position>
}

/**
 * What is held, by whom, and what became of it: out of the merchant's own facts, and for the shopper out of what the merchant
 * says. Each is the earliest of its kind, so the sequence in which they came makes no difference.
 */
export function gatherHeld(entries: readonly Entry[], asked: Asked, paid: Paid): HeldMoney {
  const seen = new Map<Hex32, Seen>()
  const of = (hash: Hex32): Seen => {
    const known = seen.get(hash) ?? { steps: new Map(), words: new Map() }
    seen.set(hash, known)
    return known
  }
  const refusals: Position[] = []
  for (const { at, id, by, message } of entries) {
    if (message.type === 'hold') {
      const { steps } = of(message.paymentHash)
      if (!steps.has(message.step))
        steps.set(message.step, { at, id, fact: message })
    }
    if (by !== 'merchant')
      continue
    if (message.type === 'status' && message.hold !== undefined) {
      const { words } = of(message.hold.hash)
      if (!words.has(message.hold.state))
        words.set(message.hold.state, { at, id })
    }
    if (message.type === 'refusal' || (message.type === 'status' && message.cancelled))
      refusals.push({ at, id })
  }
  for (const { reserve, paymentHash } of asked.requests) {
    if (reserve && paymentHash !== null)
      of(paymentHash)
  }
  const holds = [...seen].map(([hash, one]) => holdOf(hash, one, paid, refusals))
  return { holds: holds.toSorted((a, b) => a.attempt - b.attempt || (a.paymentHash < b.paymentHash ? -1 : 1)), escrow: escrowOf(entries) }
}

function holdOf(paymentHash: Hex32, { steps, words }: Seen, paid: Paid, refusals: readonly Position[]): Hold {
  const [prepared, held, taking, releasing, released] = [steps.get('prepared'), steps.get('held'), steps.get('taking'), steps.get('releasing'), steps.get('released')]
  const heldSince = held ?? words.get('held') ?? null
  const decided = taking !== undefined && releasing !== undefined && isBefore(taking, releasing) ? released : releasing ?? released
  const reason = decided?.fact.reason ?? null
  return {
    paymentHash,
    preimage: prepared?.fact.preimage ?? null,
    attempt: prepared?.fact.attempt ?? 0,
    state: stateOf(paymentHash, { steps, words }, paid, refusals),
    msat: held?.fact.msat ?? null,
    heldAt: heldSince?.at ?? null,
    releaseAt: held?.fact.releaseAt ?? null,
    ...held?.fact.heldUntil !== undefined && { heldUntil: held.fact.heldUntil },
    reason,
    told: {
      held: words.has('held'),
      // Nobody's money was here: there is nothing to tell.
      released: words.has('released') || (held === undefined && reason !== 'by-wallet'),
      refused: reason !== 'sold-out' || (decided !== undefined && refusals.some(refusal => refusal.at >= decided.at)),
    },
    endedAt: released?.at ?? words.get('released')?.at ?? null,
  }
}

function stateOf(hash: Hex32, { steps, words }: Seen, paid: Paid, refusals: readonly Position[]): Hold['state'] {
  const said = paid.payments.some(({ strength, excess }) => strength === 'said' && excess === undefined)
  if (paid.payments.some(payment => payment.paymentHash === hash && payment.strength === 'proved' && payment.by === 'own-wallet'))
    return 'taken'
  if (steps.has('released') || words.has('released'))
    return 'released'
  const [taking, releasing] = [steps.get('taking'), steps.get('releasing')]
  if (taking !== undefined || releasing !== undefined)
    return releasing === undefined || (taking !== undefined && isBefore(taking, releasing)) ? 'taking' : 'releasing'
  if (steps.has('held'))
    return 'held'
  const word = words.get('held')
  if (word === undefined)
    return 'asked'
  // The shopper knows no more than what was said: a refusal after it means that it was not taken, 'paid' that it was.
  if (said)
    return 'taken'
  return refusals.some(refusal => isBefore(word, refusal)) ? 'released' : 'held'
}

const rank = (state: EscrowFact['state']): number => escrowStates.indexOf(state)
const isFinal = (state: EscrowFact['state']): boolean => state === 'released' || state === 'refunded'

/** The newest lock counts; of one lock its end, the earliest if two are claimed. */
function escrowOf(entries: readonly Entry[]): HeldMoney['escrow'] {
  let found: HeldMoney['escrow'] = null
  for (const { at, message } of entries) {
    if (message.type !== 'escrow')
      continue
    const { provider, ref, state, msat, proof } = message
    const same = found !== null && found.provider === provider && found.ref === ref
    if (same && (isFinal(found?.state ?? 'locked') || rank(state) < rank(found?.state ?? 'locked')))
      continue
    found = { provider, ref, state, msat, proof, since: at }
  }
  return found
}
