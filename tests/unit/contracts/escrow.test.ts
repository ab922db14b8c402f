import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../src/domain/brand'
import type { EscrowFact } from '../../../src/domain/order/held-money'
import { foldThread } from '../../../src/domain/order/fold'
import type { OrderMessage } from '../../../src/domain/order/types'
import { createMemoryEscrow } from '../../support/memory-escrow'
import { invoiceAt, KEY, local, people, placed, request, T0 } from '../../support/order-messages'
import { escrowContract } from './escrow.contract'

function stage() {
  let now = T0
  const clock = { now: () => toSeconds(now) }
  const escrow = createMemoryEscrow({ clock, arbiter: people.throwAway })
  return {
    escrow, now: clock.now, people: { shopper: people.shopper, merchant: people.merchant, arbiter: people.throwAway, stranger: people.stranger },
    pass: (seconds: number) => { now += seconds },
    pay: async (payTo: string, msat: ReturnType<typeof toMsat>) => escrow.pay(payTo, msat),
    goOffline: escrow.goOffline,
  }
}

describe('escrow in memory', () => {
  escrowContract(stage)
})

test('T2: what the provider says, kept as facts on both sides, gives both the same order', async () => {
  const { escrow, now } = stage()
  const opened = await escrow.open({ orderId: 'order-1', shopper: people.shopper, merchant: people.merchant, amount: toMsat(30_000), releaseAt: toSeconds(now() + 86_400) })
  if (!opened.ok)
    throw new Error(opened.error.code)
  const { ref, payTo } = opened.value
  escrow.pay(payTo, toMsat(30_000))
  const facts: Omit<EscrowFact, 'type'>[] = []
  const look = async (): Promise<void> => {
    const state = await escrow.state(ref)
    if (state.status !== 'open' && state.status !== 'expired' && state.status !== 'unknown')
      facts.push({ provider: escrow.provider, ref, state: state.status, msat: state.msat, proof: state.proof })
  }
  await look()
  await escrow.dispute(ref, people.shopper, 'broken')
  await look()
  await escrow.refund(ref, people.merchant)
  await look()
  const wire: readonly OrderMessage[] = [placed({ n: 1, at: 0 }), request({ n: 2, at: 5 }, invoiceAt(0))]
  const seenBy = (who: 'shopper' | 'merchant', count: number) => foldThread(KEY, [...wire, ...facts.slice(0, count).map((fact, i) => local({ n: 10 + i, at: 10 + i }, people[who], { type: 'escrow', ...fact }))].reverse())
  for (const who of ['shopper', 'merchant'] as const)
    expect([1, 2, 3].map(count => seenBy(who, count)?.status)).toEqual(['escrow_locked', 'disputed', 'refunded'])
  expect(seenBy('shopper', 3)?.timeline.map(({ what }) => what)).toEqual(['placed', 'requested', 'escrow-locked', 'escrow-disputed', 'escrow-refunded'])
  expect(seenBy('shopper', 3)?.timeline).toEqual(seenBy('merchant', 3)?.timeline)
})
