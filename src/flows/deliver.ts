import type { Pubkey, RelayUrl } from '../domain/brand'
import { ok, type Result } from '../domain/result'
import type { Delivery, StorageError } from '../ports/journal'
import type { PublishAnswer, Relays } from '../ports/relays'
import { joinRelays } from './reach'
import { compose, type SendDeps } from './send'

export interface DeliverDeps extends SendDeps {
  readonly relays: Pick<Relays, 'publish'>
  readonly reach: (person: Pubkey) => Promise<readonly RelayUrl[]>
}

/** `gone`: another tab or relay was faster. */
export type DeliverOutcome = 'delivered' | 'waiting' | 'stopped' | 'gone'

/** Peers never see a kind 4 that is older than what they have already (nip15.md §6). */
const OLD_SECONDS = 300
const FINAL: ReadonlySet<PublishAnswer['outcome']> = new Set(['refused', 'invalid', 'pow'])

/**
 * One attempt to bring one message to a relay (T1). What each relay said is kept, so that the person sees who took it.
 * Known relays get it at once; where else the other side reads is looked up meanwhile.
 */
export async function deliver(deps: DeliverDeps, queued: Delivery): Promise<Result<DeliverOutcome, StorageError>> {
  const fresh = await renewed(deps, { ...queued, relays: joinRelays(queued.relays, deps.relaysFor(queued.to)) })
  if (!fresh.ok)
    return fresh
  if (fresh.value === null)
    return ok('gone')
  const { event, relays, to } = fresh.value
  if (event === null)
    return waitOn(deps, fresh.value, [])

  let delivery: Delivery = fresh.value
  let saving: Promise<Result<void, StorageError>> = Promise.resolve(ok(undefined))
  const took = (answer: PublishAnswer): void => {
    if (answer.outcome !== 'stored' || delivery.deliveredAt !== null)
      return
    // At once: the screen says 'sent', and no other tab tries again, while slower relays are still thinking.
    delivery = { ...delivery, deliveredAt: deps.clock.now() }
    saving = deps.journal.saveDelivery(delivery)
  }
  const elsewhere = deps.reach(to).then((reached) => {
    const more = reached.filter(url => !relays.includes(url))
    return more.length === 0 ? [] : deps.relays.publish(event, more, took)
  })
  const answers = (await Promise.all([relays.length === 0 ? [] : deps.relays.publish(event, relays, took), elsewhere])).flat()
  answers.forEach(took)
  await saving
  return waitOn(deps, { ...delivery, relays: joinRelays(relays, answers.map(({ url }) => url)) }, answers)
}

async function waitOn(deps: DeliverDeps, delivery: Delivery, given: readonly PublishAnswer[]): Promise<Result<DeliverOutcome, StorageError>> {
  const at = deps.clock.now()
  const fresh = given.map(({ url, outcome, text }) => ({ url, outcome, text, at }))
  const answers = [...delivery.answers.filter(old => fresh.every(({ url }) => url !== old.url)), ...fresh]
  const blocked = given.length > 0 && given.every(({ outcome }) => FINAL.has(outcome)) && delivery.deliveredAt === null
  const stopped = blocked ? given.map(({ text }) => text).find(text => text !== '') ?? given[0]?.outcome ?? '' : null
  const saved = await deps.journal.saveDelivery({ ...delivery, answers, attempts: delivery.attempts + 1, lastTriedAt: at, stopped })
  if (!saved.ok)
    return saved
  return ok(delivery.deliveredAt !== null ? 'delivered' : blocked ? 'stopped' : 'waiting')
}

/**
 * The delivery with an event that peers will see: signed anew when it grew old before any relay took it, in one
 * transaction with its new message. null = somebody else was faster.
 */
async function renewed(deps: DeliverDeps, delivery: Delivery): Promise<Result<Delivery | null, StorageError>> {
  const { event, message, to, order, plaintext } = delivery
  if (event !== null && deps.clock.now() - event.created_at <= OLD_SECONDS)
    return ok(delivery)
  const composed = await compose(deps, { to, order, plaintext })
  // A signer that is away or declines: the old words are better than none.
  if (!composed.ok)
    return ok(delivery)
  const next: Delivery = { ...delivery, id: composed.value.delivery.id, message: composed.value.message.id, event: composed.value.delivery.event }
  const kept = await deps.journal.append(composed.value.message, [next], message)
  if (!kept.ok)
    return kept
  return ok(kept.value.added ? next : null)
}

const LONGEST_SECONDS = 300

/** Seconds until the next attempt: 2, 4, 8 … five minutes, each up to a quarter longer. @param chance 0…1 */
export function dueIn({ attempts, lastTriedAt }: Pick<Delivery, 'attempts' | 'lastTriedAt'>, now: number, chance: number): number {
  if (lastTriedAt === null)
    return 0
  const pause = Math.min(LONGEST_SECONDS, 2 ** Math.min(attempts, 10))
  return Math.max(0, lastTriedAt + pause * (1 + chance / 4) - now)
}
