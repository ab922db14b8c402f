import type { Pubkey, RelayUrl } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'
import { relaysForRecipient } from '../domain/protocol/relay-list'
import { ok, type Result } from '../domain/result'
import type { Delivery, StorageError } from '../ports/journal'
import type { PublishAnswer, Relays } from '../ports/relays'
import { joinRelays, type Reached } from './reach'
import { compose, type SendDeps } from './send'

export interface DeliverDeps extends SendDeps {
  readonly relays: Pick<Relays, 'publish' | 'statuses'>
  readonly reach: (person: Pubkey) => Promise<Reached>
  /** Where that person's own listings were seen. */
  readonly seenOn: (person: Pubkey) => readonly RelayUrl[]
  /** Whether what is old may be signed anew: not by asking somebody because a page was loaded. */
  readonly mayAsk: boolean
}

/** `gone`: another tab or relay was faster. */
export type DeliverOutcome = 'delivered' | 'waiting' | 'stopped' | 'gone'

/** Peers never see a kind 4 that is older than what they have already. */
const OLD_SECONDS = 300
/** So often the inbox relays are tried alone, before an order that does not arrive counts for more than who sees that it was sent. */
const INBOX_ATTEMPTS = 3
const FINAL: ReadonlySet<PublishAnswer['outcome']> = new Set(['refused', 'invalid', 'pow'])
/** No attempt will change it: who we are is told only to relays that the person chose (T23). */
const SHUT: ReadonlySet<string> = new Set([...FINAL, 'auth-needed'])

/**
 * One attempt to bring one message to a relay (T1). What each relay said is kept, so that the person sees who took it.
 * Known relays get it at once; where else the other side reads is looked up meanwhile. Where that is known, only a relay of
 * theirs makes it delivered: our own may be one that they never ask.
 */
export async function deliver(deps: DeliverDeps, queued: Delivery): Promise<Result<DeliverOutcome, StorageError>> {
  const fresh = await renewed(deps, { ...queued, relays: joinRelays(queued.relays, deps.relaysFor(queued.to)) })
  if (!fresh.ok)
    return fresh
  if (fresh.value === null)
    return ok('gone')
  const { event, relays, to, transport } = fresh.value
  if (event === null)
    return waitOn(deps, fresh.value, [])

  const inbox = await inboxOf(deps, fresh.value)
  if (inbox === 'unknown')
    return waitOn(deps, fresh.value, [])
  if (inbox !== null)
    return deliverTo(deps, fresh.value, event, inbox)
  const reaching = deps.reach(to).then(({ inbox: own, read }) => joinRelays(read, own))
  let theirs: ReadonlySet<RelayUrl> | null = null
  const seenOn = new Set(deps.seenOn(to))
  let delivery: Delivery = transport === 'nip59' && to !== fresh.value.account ? { ...fresh.value, via: 'public' } : fresh.value
  let saving: Promise<Result<void, StorageError>> = Promise.resolve(ok(undefined))
  const counts = (url: RelayUrl): boolean => theirs === null ? seenOn.has(url) : theirs.size === 0 || theirs.has(url) || seenOn.has(url)
  const took = ({ url, outcome }: Pick<PublishAnswer, 'url' | 'outcome'>): void => {
    if (outcome !== 'stored' || delivery.deliveredAt !== null || !counts(url))
      return
    // At once: the screen says 'sent', and no other tab tries again, while slower relays are still thinking.
    delivery = { ...delivery, deliveredAt: deps.clock.now() }
    saving = deps.journal.saveDelivery(delivery)
  }
  const early: PublishAnswer[] = []
  const elsewhere = reaching.then((reached) => {
    theirs = new Set(reached)
    early.forEach(took)
    const more = reached.filter(url => !relays.includes(url))
    return more.length === 0 ? [] : deps.relays.publish(event, more, took)
  })
  const here = relays.length === 0 ? [] : deps.relays.publish(event, relays, (answer) => {
    early.push(answer)
    took(answer)
  })
  const answers = (await Promise.all([here, elsewhere])).flat()
  answers.forEach(took)
  // What was taken in an earlier attempt is there still.
  fresh.value.answers.forEach(({ url, outcome }) => took({ url, outcome: outcome === 'stored' ? 'stored' : 'no-answer' }))
  await saving
  return waitOn(deps, { ...delivery, relays: joinRelays(relays, answers.map(({ url }) => url)) }, answers)
}

/** Where alone a gift wrap goes (NIP-17); null: no such relays, it is our own copy, or none of them takes it. `unknown`: nobody has said. */
async function inboxOf(deps: DeliverDeps, delivery: Delivery): Promise<readonly RelayUrl[] | 'unknown' | null> {
  const { transport, to, account, attempts, answers } = delivery
  if (transport !== 'nip59' || to === account)
    return null
  const reached = await deps.reach(to)
  const { relays: inbox, shown } = relaysForRecipient({ inboxRelays: reached.inbox, readRelays: reached.read, seenOn: [] })
  if (shown !== 'inbox relays')
    return reached.silent === true && attempts < INBOX_ATTEMPTS ? 'unknown' : null
  const said = (url: RelayUrl): string | undefined => answers.find(answer => answer.url === url)?.outcome
  const hopeless = inbox.every(url => SHUT.has(said(url) ?? '')) || (attempts >= INBOX_ATTEMPTS && inbox.every(url => said(url) !== undefined && said(url) !== 'stored'))
  return hopeless ? null : inbox
}

/** To these relays and nowhere else. */
async function deliverTo(deps: DeliverDeps, queued: Delivery, event: NostrEvent, relays: readonly RelayUrl[]): Promise<Result<DeliverOutcome, StorageError>> {
  let delivery: Delivery = { ...queued, relays, via: 'inbox' }
  let saving: Promise<Result<void, StorageError>> = Promise.resolve(ok(undefined))
  const took = (outcome: string): void => {
    if (outcome !== 'stored' || delivery.deliveredAt !== null)
      return
    delivery = { ...delivery, deliveredAt: deps.clock.now() }
    saving = deps.journal.saveDelivery(delivery)
  }
  queued.answers.filter(({ url }) => relays.includes(url)).forEach(({ outcome }) => took(outcome))
  const answers = await deps.relays.publish(event, relays, ({ outcome }) => took(outcome))
  answers.forEach(({ outcome }) => took(outcome))
  await saving
  // Whatever they say, there is another way left.
  return waitOn(deps, delivery, answers, false)
}

async function waitOn(deps: DeliverDeps, delivery: Delivery, given: readonly PublishAnswer[], last = true): Promise<Result<DeliverOutcome, StorageError>> {
  const at = deps.clock.now()
  const fresh = given.map(({ url, outcome, text }) => ({ url, outcome, text, at }))
  const answers = [...delivery.answers.filter(old => fresh.every(({ url }) => url !== old.url)), ...fresh]
  const blocked = last && given.length > 0 && given.every(({ outcome }) => FINAL.has(outcome)) && delivery.deliveredAt === null
  const stopped = blocked ? given.map(({ text }) => text).find(text => text !== '') ?? given[0]?.outcome ?? '' : null
  const saved = await deps.journal.saveDelivery({ ...delivery, answers, attempts: delivery.attempts + 1, lastTriedAt: at, stopped })
  if (!saved.ok)
    return saved
  return ok(delivery.deliveredAt !== null ? 'delivered' : blocked ? 'stopped' : 'waiting')
}

const hasIt = ({ answers }: Delivery, url: RelayUrl): boolean => answers.some(answer => answer.url === url && answer.outcome === 'stored')

/**
 * The delivery with an event that peers will see: a kind 4 is signed anew when it grew old before any relay took it, in one
 * transaction with its new message. null = somebody else was faster.
 */
async function renewed(deps: DeliverDeps, delivery: Delivery): Promise<Result<Delivery | null, StorageError>> {
  const { event, message, to, order, plaintext, transport, relays } = delivery
  // Wraps are back-dated anyway; their rumor keeps its time.
  if (transport === 'nip59' || (event !== null && (!deps.mayAsk || deps.clock.now() - event.created_at <= OLD_SECONDS)))
    return ok(delivery)
  // Nobody is asked to sign what cannot go out now, or what would be a second message where the first is already.
  if (event !== null && !deps.relays.statuses().some(({ url, state }) => state === 'open' && relays.includes(url) && !hasIt(delivery, url)))
    return ok(delivery)
  const composed = await compose(deps, { to, order, letter: { transport, plaintext } })
  const next = composed.ok ? composed.value.deliveries[0] : undefined
  // A signer that is away or declines: the old words are better than none.
  if (!composed.ok || next === undefined)
    return ok(delivery)
  const renewal: Delivery = { ...delivery, id: next.id, message: composed.value.message.id, event: next.event }
  const kept = await deps.journal.append(composed.value.message, [renewal], message)
  if (!kept.ok)
    return kept
  return ok(kept.value.added ? renewal : null)
}

const LONGEST_SECONDS = 300

/** Seconds until the next attempt: 2, 4, 8 … five minutes, each up to a quarter longer. @param chance 0…1 */
export function dueIn({ attempts, lastTriedAt }: Pick<Delivery, 'attempts' | 'lastTriedAt'>, now: number, chance: number): number {
  if (lastTriedAt === null)
    return 0
  const pause = Math.min(LONGEST_SECONDS, 2 ** Math.min(attempts, 10))
  return Math.max(0, lastTriedAt + pause * (1 + chance / 4) - now)
}
