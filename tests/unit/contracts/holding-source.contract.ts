import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Hex32, Msat } from '../../../src/domain/brand'
import type { InvoiceRequest, InvoiceSource } from '../../../src/ports/invoices'
import type { SourceStage } from './invoice-source.contract'

const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms) })

export interface HoldingStage extends SourceStage {
  /** The wallet's own time goes on by so much. */
  pass(seconds: number): void
}

/** An order's request and a preimage of its own. */
function reserved(n: number) {
  const preimage = randomBytes(32)
  const paymentHash = createHash('sha256').update(preimage).digest('hex') as Hex32
  const request: InvoiceRequest = { orderId: `held-${n}-${Math.random()}`, attempt: 1, amount: 33_000_000 as Msat, description: `Held ${n}`, expirySeconds: 600, hold: { paymentHash } }
  return { request, paymentHash, preimage: preimage.toString('hex') as Hex32 }
}

/** What a wallet that can hold promises beside: held until taken or given back, never both. */
export function holdingSourceContract(build: () => Promise<HoldingStage>): void {
  let stage: HoldingStage
  let source: InvoiceSource
  let n = 0
  beforeAll(async () => {
    stage = await build()
    source = stage.open()
  })
  afterAll(async () => {
    source.dispose()
    await stage.close()
  })
  const status = (hash: Hex32, wanted: string) => vi.waitFor(async () => expect((await source.lookup(hash)).status).toBe(wanted), 3000)

  /** Asked for, paid by somebody who now waits, and held. */
  async function held() {
    const one = reserved(++n)
    const made = await source.create(one.request)
    if (!made.ok)
      throw new Error(`${made.error.code}: ${made.error.detail}`)
    expect(made.value).toMatchObject({ paymentHash: one.paymentHash, amount: 33_000_000 })
    expect(await source.lookup(one.paymentHash)).toEqual({ status: 'pending' })
    const paying = stage.pay(made.value.bolt11)
    await status(one.paymentHash, 'accepted')
    return { ...one, paying, invoice: made.value }
  }

  test('says that it can', async () => {
    expect(await source.capabilities()).toMatchObject({ ok: true, value: { hold: true, canSpend: false } })
  })

  test('a payment is held with its amount; taken with the preimage, it is settled and the payer has paid', async () => {
    const { paymentHash, preimage, paying } = await held()
    expect(await source.lookup(paymentHash)).toMatchObject({ status: 'accepted', msat: 33_000_000, settleBefore: expect.any(Number) })
    expect(await source.settleHold?.(preimage)).toMatchObject({ ok: true })
    expect(await paying).toBe(true)
    expect(await source.lookup(paymentHash)).toMatchObject({ status: 'settled', received: 33_000_000, preimage })
    // What came too late changes nothing.
    expect(await source.cancelHold?.(paymentHash)).toMatchObject({ ok: false })
    expect((await source.lookup(paymentHash)).status).toBe('settled')
  })

  test('given back, the payer has not paid, and nothing can be taken any more', async () => {
    const { paymentHash, preimage, paying, invoice } = await held()
    expect(await source.cancelHold?.(paymentHash)).toMatchObject({ ok: true })
    expect(await paying).toBe(false)
    expect(await source.lookup(paymentHash)).toEqual({ status: 'cancelled' })
    expect(await source.settleHold?.(preimage)).toMatchObject({ ok: false })
    expect(await stage.pay(invoice.bolt11)).toBe(false)
  })

  test('nobody came for it: the wallet itself gives it back', async () => {
    const { paymentHash, paying } = await held()
    stage.pass(3_600)
    expect(await paying).toBe(false)
    expect(await source.lookup(paymentHash)).toEqual({ status: 'cancelled' })
  })

  test('cancelled before anybody paid, it can no longer be paid', async () => {
    const { request, paymentHash } = reserved(++n)
    const made = await source.create(request)
    expect(await source.cancelHold?.(paymentHash)).toMatchObject({ ok: true })
    expect(await stage.pay(made.ok ? made.value.bolt11 : '')).toBe(false)
  })

  test('one hash is one invoice, also after a reload and when the answer was lost', async () => {
    const { request } = reserved(++n)
    stage.loseAnswers(true)
    const lost = await source.create(request)
    stage.loseAnswers(false)
    const again = await source.create(request)
    const reloaded = stage.open()
    expect(again.ok && (!lost.ok || lost.value.bolt11 === again.value.bolt11)).toBe(true)
    expect(await reloaded.create(request)).toEqual(again)
    reloaded.dispose()
  })

  test('T7: a wallet that asks another amount is caught before anybody sees the invoice', async () => {
    stage.setWrongAmount(true)
    expect(await source.create(reserved(++n).request)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
    stage.setWrongAmount(false)
  })

  test('that something is held is hinted at, and so is that it was taken, at once after it', async () => {
    const hints: string[] = []
    const end = source.subscribe(hint => hint.type === 'touched' && hints.push(hint.paymentHash))
    await pause(300)
    const { paymentHash, preimage } = await held()
    await vi.waitFor(() => expect(hints).toEqual([paymentHash]), 3000)
    await source.settleHold?.(preimage)
    await vi.waitFor(() => expect(hints).toEqual([paymentHash, paymentHash]), 3000)
    end()
  })
}

/** Of every other wallet: asked to hold, it says that it cannot, and makes no ordinary invoice in its place. */
export function plainSourceContract(build: () => Promise<Pick<SourceStage, 'open' | 'close'>>): void {
  test('what it cannot hold it does not take', async () => {
    const stage = await build()
    const source = stage.open()
    const can = await source.capabilities()
    expect(can.ok && can.value.hold === true).toBe(false)
    const made = await source.create(reserved(0).request)
    expect(made.ok ? 'made' : made.error.code).toMatch(/not_implemented|source_unauthorized/)
    source.dispose()
    await stage.close()
  })
}
