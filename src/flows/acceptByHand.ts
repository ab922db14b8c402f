import { toSeconds, type EventId, type OrderKey } from '../domain/brand'
import { judgementsOn } from '../domain/order/unattributed'
import { err, ok, type Result } from '../domain/result'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { readOrder, type ReadOrderError } from './read-order'
import type { SendDeps } from './send'

type Deps = Pick<SendDeps, 'journal' | 'notes' | 'signer' | 'clock'>

/**
 * 'I recognise this': from now on a throw-away key's words count as the other party's (gamma.md §8.1). An own
 * fact, for our devices alone. Twice is once.
 */
export const acceptByHand = (deps: Deps, key: OrderKey, message: EventId): Promise<Result<void, ReadOrderError>> => judge(deps, key, message, true)

/** 'I was mistaken': they count for nothing again, and ask for judgement anew. Nothing is erased: the last judgement counts. */
export const takeBackByHand = (deps: Deps, key: OrderKey, message: EventId): Promise<Result<void, ReadOrderError>> => judge(deps, key, message, false)

async function judge({ journal, notes, signer: { pubkey: me }, clock }: Deps, key: OrderKey, message: EventId, accepts: boolean): Promise<Result<void, ReadOrderError>> {
  const read = await readOrder({ journal }, key, me)
  if (!read.ok)
    return read
  if (![read.value.order.shopper, read.value.order.merchant].includes(me))
    return err({ code: 'no-order' })
  const former = judgementsOn(read.value.messages, message)
  const last = former.at(-1)
  if (accepts === (last !== undefined && last.takenBack !== true))
    return ok(undefined)
  const turn = former.length === 0 ? [] : [String(former.length)]
  const at = toSeconds(Math.max(clock.now(), (last?.sentAt ?? -1) + 1))
  const kept = await keepFacts({ journal, ...notes && { notes } }, [localFact({ id: factId('accept-unattributed', key, message, ...turn), me, order: key, at }, { type: 'accept-unattributed', message, ...(!accepts && { takenBack: true as const }) })])
  return kept.ok ? ok(undefined) : kept
}
