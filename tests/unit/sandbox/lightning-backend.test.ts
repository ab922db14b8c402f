import type { LightningBackend } from '../../../sandbox/lightning/backend'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LdkBackend } from '../../../sandbox/lightning/ldk'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'

/** A clock that tests move: both back-ends enforce expiry by it. */
let ahead = 0
const now = (): number => Math.floor(Date.now() / 1000) + ahead

const makers: Readonly<Record<string, () => Promise<LightningBackend>>> = {
  'two LDK nodes': () => LdkBackend.open(now),
  'ledger': async () => new LedgerBackend(now),
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

  test('a sandbox that has run for hours still makes invoices of now, and they are paid', async () => {
    ahead = 5 * 3_600
    const made = await backend.invoice(4_000, 'hours later', 30)
    expect(decodeInvoice(made.bolt11)).toMatchObject({ ok: true, value: { createdAt: expect.closeTo(now(), -1), expirySeconds: 30 } })
    expect(Math.abs(made.expiresAt - now() - 30)).toBeLessThanOrEqual(2)
    expect(await backend.pay(made.bolt11)).toMatchObject({ paid: true })
  })
})
