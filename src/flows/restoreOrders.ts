import type { EventId, OrderKey, RelayUrl } from '../domain/brand'
import type { Shelf } from '../domain/order/pricing'
import { restorationReport, type RestoreReport } from '../domain/order/restoration'
import type { OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Journal, StorageError } from '../ports/journal'
import type { Mail } from '../ports/mail'
import type { Relays } from '../ports/relays'
import type { Signer } from '../ports/signer'
import { keepMessages } from './keepMessages'
import { emptyMailbag, messagesHere, readAllMail, type Mailbag } from './read-all-mail'

export interface RestoreDeps {
  readonly mail: Mail
  readonly signer: Signer
  readonly journal: Journal
  readonly clock: Pick<Clock, 'now'>
  readonly relays: readonly RelayUrl[]
  readonly statuses: Relays['statuses']
  /** null: not all of it is here. */
  readonly shelf: () => Shelf | null
}

export interface LookProgress { readonly messages: number, readonly orders: number, readonly unreadable: number }

/** What a dry run found. Nothing of it is kept until somebody says so. */
export interface Found {
  readonly report: RestoreReport
  readonly bag: Mailbag
  /** Messages that the signer did not open: declined, locked, away. */
  readonly unopened: number
  /** Relays that may keep messages back until they know who asks. */
  readonly mute: readonly RelayUrl[]
  /** Relays that could not be reached. */
  readonly unreached: readonly RelayUrl[]
  /** There was more than is read at once. */
  readonly cut: boolean
}

export type LookError = { readonly code: 'cancelled' | 'no-relay-reached' }

export interface LookOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: LookProgress) => void
  /** What an earlier look has opened: the signer is not asked for that again. */
  readonly former?: Found
}

/** Reads all that the relays have of this account, and says what restoring it would do. */
export async function dryRun(deps: RestoreDeps, { order }: { readonly order?: OrderKey }, { signal, onProgress, former }: LookOptions): Promise<Result<Found, LookError>> {
  const read = await readAllMail(deps, { signal, bag: former?.bag ?? emptyMailbag(), onProgress: bag => onProgress?.(progressOf(bag)) })
  const here = read === null ? null : await messagesHere(deps.journal, signal)
  if (read === null || here === null)
    return err({ code: 'cancelled' })
  const reachable = new Set(deps.statuses().filter(({ state }) => state === 'open').map(({ url }) => url))
  const unreached = deps.relays.filter(url => !reachable.has(url))
  if (unreached.length === deps.relays.length && read.bag.opened.size === 0)
    return err({ code: 'no-relay-reached' })
  const { bag, unopened, mute, cut } = read
  const report = reportOf(deps, bag, here, order)
  return ok({ report, bag, unopened, mute, unreached, cut })
}

/** The same finding, judged by what is on this device now. */
export async function judgeAgain(deps: RestoreDeps, found: Found, { order, signal }: { readonly order?: OrderKey, readonly signal: AbortSignal }): Promise<Found> {
  const here = await messagesHere(deps.journal, signal)
  return here === null ? found : { ...found, report: reportOf(deps, found.bag, here, order) }
}

const reportOf = ({ signer, shelf }: RestoreDeps, bag: Mailbag, here: readonly OrderMessage[], only?: OrderKey): RestoreReport =>
  restorationReport({
    found: bag.messages.values(), here, viewer: signer.pubkey, shelf: shelf(),
    unreadable: [...bag.unreadable].map(([id, reason]) => ({ id, reason })),
    ...only !== undefined && { only },
  })

const progressOf = ({ messages, unreadable }: Mailbag): LookProgress => ({
  messages: messages.size,
  orders: new Set([...messages.values()].flatMap(message => message.type === 'order' ? [`${message.author}:${message.receiver}:${message.orderId}`] : [])).size,
  unreadable: unreadable.size,
})

/** 'rest': what belongs to no order, or waits for one that nobody has. */
export type RestoreTarget = OrderKey | 'rest'
export type ItemError = StorageError | { readonly code: 'failed' }

export interface RestoreOptions {
  readonly signal: AbortSignal
  /** Each item as it is begun, and as it ends. */
  readonly onItem?: (target: RestoreTarget, result: 'working' | Result<{ readonly added: number }, ItemError>) => void
}
export interface Restored {
  readonly restored: readonly RestoreTarget[]
  readonly failed: readonly { readonly target: RestoreTarget, readonly error: ItemError }[]
  /** Not begun, because somebody cancelled. What was kept until then stays. */
  readonly left: readonly RestoreTarget[]
}

/** Keeps what is missing, one order after the other. Again is harmless: a message counts once. */
export async function restore(deps: RestoreDeps, { report, bag }: Found, selection: 'all' | readonly RestoreTarget[], { signal, onItem }: RestoreOptions): Promise<Restored> {
  const restored: RestoreTarget[] = []
  const failed: { target: RestoreTarget, error: ItemError }[] = []
  const left: RestoreTarget[] = []
  for (const [target, missing] of targetsOf(report)) {
    if (selection !== 'all' && !selection.includes(target))
      continue
    if (signal.aborted) {
      left.push(target)
      continue
    }
    onItem?.(target, 'working')
    const kept = await keep(deps, bag, missing)
    if (kept.ok)
      restored.push(target)
    else
      failed.push({ target, error: kept.error })
    onItem?.(target, kept)
  }
  return { restored, failed, left }
}

/** What a report leaves to do, in its sequence. */
export function targetsOf({ items, rest }: RestoreReport): readonly (readonly [RestoreTarget, readonly EventId[]])[] {
  const all = [...items.map(({ key, missing }) => [key, missing] as const), ['rest', rest.missing] as const]
  return all.filter(([, missing]) => missing.length > 0)
}

async function keep({ journal, clock }: RestoreDeps, { opened }: Mailbag, ids: readonly EventId[]): Promise<Result<{ readonly added: number }, ItemError>> {
  const messages = ids.map(id => opened.get(id)).filter(message => message !== undefined)
  try {
    const kept = await keepMessages({ journal, clock }, messages)
    return kept.ok ? ok({ added: kept.value.added }) : kept
  }
  catch {
    // One order that cannot be kept, for whatever reason, keeps no other from coming.
    return err({ code: 'failed' })
  }
}
