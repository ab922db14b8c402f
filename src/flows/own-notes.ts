import type { LocalFact } from '../domain/order/types'
import { encodeOwnNote, isNoted } from '../domain/protocol/own-note'
import { ok, type Result } from '../domain/result'
import type { Delivery, Journal, StorageError } from '../ports/journal'
import { asksSomebody } from '../ports/signer'
import type { SendDeps } from './send'

/** Writes facts down for our other devices, ready for the outbox; absent: they stay on this one. */
export interface NoteDeps { readonly journal: Journal, readonly notes?: (facts: readonly LocalFact[]) => Promise<readonly Delivery[]> }

/**
 * Facts of this device → the journal, each by itself and flushed: an invoice that was made is worth more than a message that
 * comes again. The note for our other devices (T5) rests in one transaction with the last; without one nothing is worse.
 */
export async function keepFacts({ journal, notes }: NoteDeps, facts: readonly LocalFact[]): Promise<Result<{ readonly added: number }, StorageError>> {
  const deliveries = await notes?.(facts) ?? []
  let added = 0
  for (const [at, fact] of facts.entries()) {
    const kept = await journal.append(fact, at === facts.length - 1 ? deliveries : [])
    if (!kept.ok)
      return kept
    added += kept.value.added ? 1 : 0
  }
  return ok({ added })
}

/** A letter holds so much (NIP-44). */
const IN_ONE = 20

/**
 * Facts in gift wraps to ourselves. Only a key that is here writes them: a signer elsewhere would ask its owner for something
 * that nobody did.
 */
export async function composeOwnNote({ mail, signer, clock, relaysFor }: Omit<SendDeps, 'journal'>, facts: readonly LocalFact[]): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = []
  const noted = !asksSomebody(signer) && signer.can.nip44 ? facts.filter(isNoted) : []
  const me = signer.pubkey
  for (let at = 0; at < noted.length; at += IN_ONE) {
    const template = encodeOwnNote(me, noted.slice(at, at + IN_ONE))
    const posted = await mail.compose(signer, me, { transport: 'nip59', template })
    if (!posted.ok)
      continue
    const { opened, copies } = posted.value
    deliveries.push(...copies.map(({ to, event }): Delivery => ({
      id: `${opened.id}:${to}`, message: opened.id, account: me, to, order: noted[at]?.order ?? null, transport: 'nip59', plaintext: JSON.stringify(template), event,
      relays: relaysFor(to), queuedAt: clock.now(), attempts: 0, lastTriedAt: null, answers: [], deliveredAt: null, stopped: null, note: true,
    })))
  }
  return deliveries
}
