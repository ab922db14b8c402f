import type { LightningBackend } from '../../../sandbox/lightning/backend'
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { LdkBackend } from '../../../sandbox/lightning/ldk'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'

/** A clock that tests move: both back-ends enforce expiry by it. */
let ahead = 0
const HOLD = 900
const now = (): number => Math.floor(Date.now() / 1000) + ahead

const makers: Readonly<Record<string, () => Promise<LightningBackend>>> = {
  'two LDK nodes': () => LdkBackend.open(now, HOLD),
  'ledger': async () => new LedgerBackend(now, undefined, HOLD),
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const secret = () => {
  const preimage = randomBytes(32)
  return { preimage: preimage.toString('hex'), hash: createHash('sha256').update(preimage).digest('hex') }
}

describe.each(Object.entries(makers))('Lightning by %s', (_name, open) => {
  let backend: LightningBackend
  beforeAll(async () => {
    ahead = 0
    backend = await open()
  })
  afterAll(() => backend.close())

  test('an invoice says what was asked, decodes strictly and is paid once, with a preimage that hashes', async () => {
    const made = await backend.invoice(2_100_000, 'Comb honey', 900)
    const decoded = decodeInvoice(made.bolt11)
    expect(decoded).toMatchObject({ ok: true, value: { network: 'regtest', amount: 2_100_000, paymentHash: made.paymentHash, description: 'Comb honey', expirySeconds: 900 } })
    const seen: string[] = []
    const stop = backend.onReceived(payment => seen.push(payment.paymentHash))
    const result = await backend.pay(made.bolt11.toUpperCase())
    stop()
    expect(result.paid).toBe(true)
    if (result.paid)
      expect(createHash('sha256').update(Buffer.from(result.preimage, 'hex')).digest('hex')).toBe(made.paymentHash)
    expect(seen).toEqual([made.paymentHash])
    expect(backend.received(made.paymentHash)).toMatchObject({ msat: 2_100_000 })
    expect(await backend.pay(made.bolt11)).toEqual({ paid: false, reason: 'already-paid' })
  })

  test('an invoice of an address holds its description as a hash only (LNURL)', async () => {
    const text = JSON.stringify([['text/plain', 'For Esma, “ä” and a long line that no invoice would have room for. '.repeat(20)]])
    const made = await backend.invoice(31_000, text, 600, true)
    expect(decodeInvoice(made.bolt11)).toMatchObject({ ok: true, value: { description: null, descriptionHash: createHash('sha256').update(text).digest('hex') } })
    expect((await backend.pay(made.bolt11)).paid).toBe(true)
  })

  test('a payer may send more than was asked, and it arrives; less is refused (BOLT4)', async () => {
    const made = await backend.invoice(3_000_000, 'with a tip', 900)
    expect((await backend.pay(made.bolt11, 2_000_000)).paid).toBe(false)
    const again = await backend.invoice(3_000_000, 'with a tip', 900)
    expect((await backend.pay(again.bolt11, 3_500_000)).paid).toBe(true)
    expect(backend.received(again.paymentHash)).toMatchObject({ msat: 3_500_000 })
  })

  test('two payments of one invoice at once: one is paid, one refused, both are answered', async () => {
    const made = await backend.invoice(3_000, 'twice', 900)
    const results = await Promise.all([backend.pay(made.bolt11), backend.pay(made.bolt11)])
    expect(results.filter(result => result.paid)).toHaveLength(1)
    expect(backend.received(made.paymentHash)).toMatchObject({ msat: 3_000 })
  })

  test('a long demo does not run dry', async () => {
    for (let sale = 0; sale < 6; sale += 1)
      expect(await backend.pay((await backend.invoice(3_000_000_000, `sale ${sale}`, 900)).bolt11)).toMatchObject({ paid: true })
  })

  test('what is not paid is not received; what is foreign or too large is refused', async () => {
    const made = await backend.invoice(1_000, 'one', 900)
    expect(backend.received(made.paymentHash)).toBeUndefined()
    expect(await backend.pay('lnbcrt1nonsense')).toEqual({ paid: false, reason: 'not-ours' })
    const huge = await backend.invoice(90_000_000_000, 'huge', 900)
    expect((await backend.pay(huge.bolt11)).paid).toBe(false)
    expect(backend.received(huge.paymentHash)).toBeUndefined()
  })

  test('a payment after expiry is refused, and nothing is received', async () => {
    const made = await backend.invoice(5_000, 'late', 60)
    ahead = 120
    expect((await backend.pay(made.bolt11)).paid).toBe(false)
    ahead = 0
    expect(backend.received(made.paymentHash)).toBeUndefined()
  })

  describe('what is held', () => {
    /** Somebody pays, and waits. */
    async function held(msat: number) {
      const { preimage, hash } = secret()
      const made = await backend.holdInvoice(msat, 'held', 900, hash)
      expect(decodeInvoice(made.bolt11)).toMatchObject({ ok: true, value: { paymentHash: hash, amount: msat } })
      const end: { result: Awaited<ReturnType<LightningBackend['pay']>> | null } = { result: null }
      const paying = backend.pay(made.bolt11).then((result) => { end.result = result })
      await vi.waitFor(() => expect(backend.held(hash)).toMatchObject({ msat }), 3_000)
      return { preimage, hash, bolt11: made.bolt11, end, paying }
    }

    test('is neither received nor lost until it is taken with the preimage; then the payer has that', async () => {
      const events: string[] = []
      const stop = backend.onHold(event => events.push(event.type))
      const one = await held(2_100_000)
      await pause(50)
      expect(one.end.result).toBeNull()
      expect(backend.received(one.hash)).toBeUndefined()
      expect((await backend.pay(one.bolt11)).paid).toBe(false)
      expect(await backend.settleHold('11'.repeat(32))).toBe('not-held')
      expect(await backend.settleHold(one.preimage)).toBe('settled')
      await one.paying
      expect(one.end.result).toMatchObject({ paid: true, preimage: one.preimage })
      expect(backend.received(one.hash)).toMatchObject({ msat: 2_100_000, preimage: one.preimage })
      expect(await backend.settleHold(one.preimage)).toBe('already-settled')
      expect(await backend.cancelHold(one.hash)).toBe('already-settled')
      expect(events).toEqual(['held'])
      stop()
    })

    test('goes back when it is cancelled, and the invoice can no longer be paid', async () => {
      const one = await held(3_000_000)
      expect(await backend.cancelHold(one.hash)).toBe('cancelled')
      await one.paying
      expect(one.end.result).toEqual({ paid: false, reason: 'returned' })
      expect(backend.received(one.hash)).toBeUndefined()
      expect(backend.isReturned(one.hash)).toBe(true)
      expect((await backend.pay(one.bolt11)).paid).toBe(false)
      expect(await backend.settleHold(one.preimage)).toBe('not-held')
      expect(await backend.cancelHold(secret().hash)).toBe('unknown')
    })

    test('goes back by itself when nobody comes for it in time', async () => {
      const one = await held(4_000_000)
      ahead = HOLD - 5
      backend.tick()
      expect(backend.held(one.hash)).toBeDefined()
      ahead = HOLD + 1
      backend.tick()
      await one.paying
      ahead = 0
      expect(one.end.result).toEqual({ paid: false, reason: 'returned' })
      expect(await backend.settleHold(one.preimage)).toBe('not-held')
    })

    test('an invoice cancelled before it was paid is never held', async () => {
      const { hash } = secret()
      const made = await backend.holdInvoice(1_000_000, 'unpaid', 900, hash)
      expect(await backend.cancelHold(hash)).toBe('cancelled')
      expect((await backend.pay(made.bolt11)).paid).toBe(false)
      expect(backend.held(hash)).toBeUndefined()
    })
  })

  test('a sandbox that has run for hours still makes invoices of now, and they are paid', async () => {
    ahead = 5 * 3_600
    const made = await backend.invoice(4_000, 'hours later', 30)
    expect(decodeInvoice(made.bolt11)).toMatchObject({ ok: true, value: { createdAt: expect.closeTo(now(), -1), expirySeconds: 30 } })
    expect(Math.abs(made.expiresAt - now() - 30)).toBeLessThanOrEqual(2)
    expect(await backend.pay(made.bolt11)).toMatchObject({ paid: true })
  })
})
