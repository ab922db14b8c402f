import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Hex32, Msat } from '../../../src/domain/brand'
import type { InvoiceRequest, InvoiceSource } from '../../../src/ports/invoices'

export interface SourceStage {
  /** A connection of its own, as after a reload. */
  open(): InvoiceSource
  /** Somebody pays, from another wallet. */
  pay(bolt11: string): Promise<boolean>
  /** What the wallet does next is done, and its answer does not arrive. */
  loseAnswers(lost: boolean): void
  setWrongAmount(wrong: boolean): void
  /** The way to the wallet is cut, and comes back. */
  cut(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms) })

/** What every merchant's wallet promises: made, looked up, paid, made anew, paid twice, run out, answer lost, line cut. */
export function invoiceSourceContract(build: () => Promise<SourceStage>): void {
  let stage: SourceStage
  let source: InvoiceSource
  let orders = 0
  let request: InvoiceRequest

  beforeAll(async () => {
    stage = await build()
    source = stage.open()
  })
  beforeEach(() => { request = { orderId: `order-${++orders}-${Math.random()}`, attempt: 1, amount: 21_000_000 as Msat, description: `Order ${orders}`, expirySeconds: 600 } })
  afterAll(async () => {
    source.dispose()
    await stage.close()
  })

  async function create(change: Partial<InvoiceRequest> = {}) {
    const made = await source.create({ ...request, ...change })
    if (!made.ok)
      throw new Error(`${made.error.code}: ${made.error.detail}`)
    return made.value
  }
  const settled = (hash: Hex32) => vi.waitFor(async () => expect((await source.lookup(hash)).status).toBe('settled'), 3000)

  test('says what it can do', async () => {
    expect(await source.capabilities()).toMatchObject({ ok: true, value: { lookup: true, push: true, canSpend: false } })
  })

  test('an invoice is made for what was asked, waits, and is settled once it was paid', async () => {
    const invoice = await create()
    expect(invoice.amount).toBe(21_000_000)
    expect(invoice.bolt11).toMatch(/^lnbcrt/)
    expect(await source.lookup(invoice.paymentHash)).toEqual({ status: 'pending' })
    expect(await stage.pay(invoice.bolt11)).toBe(true)
    await settled(invoice.paymentHash)
    expect(await source.lookup(invoice.paymentHash)).toMatchObject({ received: 21_000_000 })
  })

  test('the same attempt gives the same invoice, also after a reload; a reissue gives another, and both stay watched', async () => {
    const first = await create()
    expect(await create()).toEqual(first)
    const reloaded = stage.open()
    expect(await reloaded.create(request)).toMatchObject({ ok: true, value: { paymentHash: first.paymentHash } })
    reloaded.dispose()
    const second = await create({ attempt: 2 })
    expect(second.paymentHash).not.toBe(first.paymentHash)
    await stage.pay(first.bolt11)
    await settled(first.paymentHash)
    expect((await source.lookup(second.paymentHash)).status).toBe('pending')
  })

  test('T9: one invoice cannot be paid twice, two invoices of one order can, and each is found', async () => {
    const [first, second] = [await create(), await create({ attempt: 2 })]
    await stage.pay(first.bolt11)
    expect(await stage.pay(first.bolt11)).toBe(false)
    await stage.pay(second.bolt11)
    await settled(first.paymentHash)
    await settled(second.paymentHash)
  })

  test('one that ran out is expired, and can no longer be paid', async () => {
    const invoice = await create({ expirySeconds: 1 })
    await pause(2200)
    expect((await source.lookup(invoice.paymentHash)).status).toBe('expired')
    expect(await stage.pay(invoice.bolt11)).toBe(false)
    expect((await create({ expirySeconds: 600 })).paymentHash).not.toBe(invoice.paymentHash)
  })

  test('an answer that was lost leads to the invoice that was made, not to a second one', async () => {
    stage.loseAnswers(true)
    const lost = await source.create(request)
    stage.loseAnswers(false)
    const again = await create()
    expect(lost.ok ? lost.value.paymentHash : again.paymentHash).toBe(again.paymentHash)
    await stage.pay(again.bolt11)
    await settled(again.paymentHash)
  })

  test('T7: a wallet that asks another amount is caught before anybody sees the invoice', async () => {
    stage.setWrongAmount(true)
    expect(await source.create(request)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
    stage.setWrongAmount(false)
  })

  test('what the wallet never made is unknown, not unpaid', async () => {
    expect((await source.lookup('ab'.repeat(32) as Hex32)).status).toBe('unknown')
  })

  test('T8: a payment is hinted at; while the line is cut it is not, and afterwards a gap says that all is to be looked up', async () => {
    const hints: { type: string, paymentHash?: string }[] = []
    const end = source.subscribe(hint => hints.push(hint))
    await pause(300)
    const [seen, missed] = [await create(), await create({ attempt: 2 })]
    await stage.pay(seen.bolt11)
    await vi.waitFor(() => expect(hints).toContainEqual({ type: 'touched', paymentHash: seen.paymentHash }), 3000)
    await stage.cut()
    await vi.waitFor(() => expect(hints.at(-1)?.type).toBe('offline'), 3000)
    expect((await source.lookup(seen.paymentHash)).status).toBe('unknown')
    await stage.pay(missed.bolt11)
    await stage.restore()
    await vi.waitFor(() => expect(hints).toContainEqual({ type: 'gap' }), 8000)
    await settled(missed.paymentHash)
    end()
  }, 20_000)
}

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
