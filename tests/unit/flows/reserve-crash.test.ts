import { beforeEach, describe, expect, test } from 'vitest'
import type { LocalFact } from '../../../src/domain/order/types'
import { openInvoices } from '../../../src/domain/order/own-invoices'
import { composeOwnNote } from '../../../src/flows/own-notes'
import { payOrder, resolvePayment } from '../../../src/flows/payOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settleHold } from '../../../src/flows/settleHold'
import type { Wallet } from '../../../src/ports/wallet'
import { fuse } from '../../support/crashing'
import { flowPerson } from '../../support/flow-people'
import { ledgerWallet } from '../../support/memory-services'
import { mug, Reserving, shelfOf, soap } from '../../support/reserving'

let s: Reserving
beforeEach(() => { s = new Reserving() })

describe('crashes and devices', () => {
  test('wherever it crashes, one secret, one invoice and one request come of it', async () => {
    const key = await s.place('shopper', soap)
    const probe = fuse(0, 'before')
    const counting = await s.counter()
    await requestPayment({ ...counting, journal: probe.wrap(s.merchant.journal), mail: probe.wrap(s.merchant.deps.mail), source: probe.wrap(counting.source) }, key)
    for (let step = 1; step <= probe.used(); step += 1) {
      for (const when of ['before', 'after'] as const) {
        const fresh = flowPerson('merchant', s.hub, s.clock)
        await fresh.fetch()
        const desk = await s.counter(fresh)
        const line = fuse(step, when)
        await line.run(() => requestPayment({ ...desk, journal: line.wrap(fresh.journal), mail: line.wrap(fresh.deps.mail), source: line.wrap(desk.source) }, key))
        const crashed = (await fresh.orders()).get(key)
        // Whatever the wallet made can be taken: its secret is here.
        expect(desk.source.made.length === 0 || crashed?.holds.some(({ preimage }) => preimage !== null)).toBe(true)
        if ((await fresh.journal.undelivered()).length === 0)
          expect(await requestPayment(desk, key)).toMatchObject({ ok: true })
        const after = (await fresh.orders()).get(key)
        expect([after?.holds.length, after?.issued.length, after?.requests.length, desk.source.made.length]).toEqual([1, 1, 1, 1])
        expect(after?.request).toMatchObject({ reserve: true })
      }
    }
  })

  test.each([['taken', 1], ['released', 0]] as const)('a crash between any two steps ends in the same place: %s', async (word, stock) => {
    const probe = fuse(0, 'before')
    const base = await s.asked('shopper', mug, 'probe')
    await s.reserved(base)
    s.shelf = shelfOf(stock)
    const counting = await s.counter()
    await settleHold({ ...counting, journal: probe.wrap(s.merchant.journal), mail: probe.wrap(s.merchant.deps.mail), source: probe.wrap(counting.source) }, base, await s.hashOf(base))
    expect(probe.used()).toBeGreaterThan(8)
    for (let step = 1; step <= probe.used(); step += 1) {
      for (const when of ['before', 'after'] as const) {
        s = new Reserving()
        const key = await s.asked('shopper', mug)
        const end = await s.reserved(key)
        s.shelf = shelfOf(stock)
        const desk = await s.counter()
        const hash = await s.hashOf(key)
        const line = fuse(step, when)
        await line.run(() => settleHold({ ...desk, journal: line.wrap(s.merchant.journal), mail: line.wrap(s.merchant.deps.mail), source: line.wrap(desk.source) }, key, hash))
        // The shelf is another one now: what was decided stands.
        for (let round = 0; round < 3; round += 1)
          expect(await settleHold(await s.counter(), key, hash)).toMatchObject({ ok: true })
        await s.exchange()
        expect(end.result?.paid, `${step} ${when}`).toBe(word === 'taken')
        const [mine, theirs] = [await s.at(s.merchant, key), await s.at(s.shopper, key)]
        expect(mine.holds).toMatchObject([{ state: word }])
        expect(theirs.timeline.filter(({ what }) => what === (word === 'taken' ? 'paid-said' : 'hold-released'))).toHaveLength(1)
        expect(theirs.timeline.filter(({ what }) => what === 'refused')).toHaveLength(word === 'taken' ? 0 : 1)
        expect(openInvoices(mine)).toEqual([])
      }
    }
  })

  test('T5: on another device of the merchant the reservation is there with its secret, and can be taken', async () => {
    const deps = { notes: (facts: readonly LocalFact[]) => composeOwnNote(s.merchant.deps, facts) }
    const key = await s.place('shopper', mug)
    await requestPayment({ ...await s.counter(), ...deps }, key)
    await s.exchange()
    const end = await s.reserved(key)
    const other = flowPerson('merchant', s.hub, s.clock)
    await other.fetch()
    expect((await s.at(other, key)).holds).toMatchObject([{ state: 'asked', preimage: expect.any(String) }])
    expect(await settleHold(await s.counter(other), key, await s.hashOf(key))).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
  })

  test('T9: a shopper\'s wallet that times out leaves it open, never as failed: nothing is offered to be paid again', async () => {
    s = new Reserving(6 * 3_600)
    const key = await s.asked('shopper', mug)
    const inner = ledgerWallet(s.ledger)
    const wallet: Wallet = {
      ...inner,
      async pay(invoice) {
        void inner.pay(invoice)
        return { status: 'unknown', reason: 'no answer yet' }
      },
      resolve: async hash => s.ledger.received(hash) === undefined && !s.ledger.isReturned(hash) ? { status: 'unknown', reason: 'the wallet is still trying' } : inner.resolve(hash),
    }
    const deps = { ...s.shopper.deps, wallet, network: 'regtest' as const, knownHashes: () => new Map(), accepted: null }
    expect(await payOrder(deps, key)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    await s.clock.advance(120)
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await payOrder(deps, key)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'reserved' } })
    // Long after the invoice has run out: a hold may still be open somewhere on its way.
    await s.clock.advance(3_600 + 900)
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await resolvePayment(deps, key)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await s.settle(key, {}, 'release')).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    await s.exchange()
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'released', back: false })
    expect(await resolvePayment(deps, key)).toMatchObject({ ok: true, value: { status: 'failed' } })
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'released', back: true })
  })
})
