import type { EventId, OrderKey } from '../domain/brand'
import { err, ok, type Result } from '../domain/result'
import { factId, localFact } from './local-fact'
import { readOrder, type ReadOrderError } from './read-order'
import type { SendDeps } from './send'

/**
 * 'I recognise this': from now on a throw-away key's words count as the other party's (gamma.md §8.1). An own fact of this
 * device, never sent. Twice is once.
 */
export async function acceptByHand(deps: Pick<SendDeps, 'journal' | 'signer' | 'clock'>, key: OrderKey, message: EventId): Promise<Result<void, ReadOrderError>> {
  const { journal, signer: { pubkey: me }, clock } = deps
  const read = await readOrder({ journal }, key, me)
  if (!read.ok)
    return read
  if (![read.value.order.shopper, read.value.order.merchant].includes(me))
    return err({ code: 'no-order' })
  const kept = await journal.append(localFact({ id: factId('accept-unattributed', key, message), me, order: key, at: clock.now() }, { type: 'accept-unattributed', message }))
  return kept.ok ? ok(undefined) : kept
}
