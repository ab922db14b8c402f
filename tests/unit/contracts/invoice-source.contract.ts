import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Hex32, Msat, Seconds } from '../../../src/domain/brand'
import type { InvoiceRequest, InvoiceSource, KeptInvoice } from '../../../src/ports/invoices'

export interface SourceStage {
  /** A connection of its own, as after a reload. */
  open(): InvoiceSource
  /** Somebody pays, from another wallet. */
  pay(bolt11: string): Promise<boolean>
  /** What the wallet does next is done, and its answer does not arrive. */
  loseAnswers(lost: boolean): void
  setWrongAmount(wrong: boolean): void
  /** Where the wallet chooses how long its invoices live. */
  setExpiry?(seconds: number | null): void
  /** The way to the wallet is cut, and comes back. */
  cut(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms) })

/** What a kind of wallet can do at all. */
export interface SourceCan {
  /** Finds an invoice that it made before this page was loaded, or whose answer was lost. */
  readonly recalls: boolean
  readonly push: boolean
  /** Lists what came in. */
  readonly incoming: boolean
}
export const everything: SourceCan = { recalls: true, push: true, incoming: true }

/**
 * What every merchant's wallet promises: made, looked up, paid, made anew, paid twice, run out, answer lost, line cut. What a
 * kind cannot do it says by its capabilities, and is not asked for.
 */
export function invoiceSourceContract(build: () => Promise<SourceStage>, can: SourceCan = everything): void {
  let stage: SourceStage
  let source: InvoiceSource
  let orders = 0
  let request: InvoiceRequest
  /** What a device keeps beside each invoice. */
  const kept = new Map<Hex32, KeptInvoice>()

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
    kept.set(made.value.paymentHash, { bolt11: made.value.bolt11, ...made.value.verify !== undefined && { verify: made.value.verify } })
    return made.value
  }
  const lookup = (hash: Hex32, from = source) => from.lookup(hash, undefined, kept.get(hash))
  const settled = (hash: Hex32) => vi.waitFor(async () => expect((await lookup(hash)).status).toBe('settled'), 3000)

  test('says what it can do', async () => {
    expect(await source.capabilities()).toMatchObject({ ok: true, value: { lookup: true, push: can.push, canSpend: false, ...!can.recalls && { recalls: false } } })
    expect(typeof source.incoming).toBe(can.incoming ? 'function' : 'undefined')
  })

  test('an invoice is made for what was asked, waits, and is settled once it was paid', async () => {
    const invoice = await create()
    expect(invoice.amount).toBe(21_000_000)
    expect(invoice.bolt11).toMatch(/^lnbcrt/)
    expect(await lookup(invoice.paymentHash)).toEqual({ status: 'pending' })
    expect(await stage.pay(invoice.bolt11)).toBe(true)
    await settled(invoice.paymentHash)
    expect(await lookup(invoice.paymentHash)).toMatchObject({ received: 21_000_000 })
  })

  test('the same attempt gives the same invoice, also after a reload; a reissue gives another, and both stay watched', async () => {
    const first = await create()
    expect(await create()).toEqual(first)
    const reloaded = stage.open()
    if (can.recalls)
      expect(await reloaded.create(request)).toMatchObject({ ok: true, value: { paymentHash: first.paymentHash } })
    expect(await lookup(first.paymentHash, reloaded)).toEqual({ status: 'pending' })
    reloaded.dispose()
    const second = await create({ attempt: 2 })
    expect(second.paymentHash).not.toBe(first.paymentHash)
    await stage.pay(first.bolt11)
    await settled(first.paymentHash)
    expect((await lookup(second.paymentHash)).status).toBe('pending')
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
    // Long enough for a busy machine to make it in.
    stage.setExpiry?.(3)
    const invoice = await create({ expirySeconds: 3 })
    stage.setExpiry?.(null)
    await pause(4_200)
    expect((await lookup(invoice.paymentHash)).status).toBe('expired')
    expect(await stage.pay(invoice.bolt11)).toBe(false)
    expect((await create({ expirySeconds: 600 })).paymentHash).not.toBe(invoice.paymentHash)
  })

  test(can.recalls ? 'an answer that was lost leads to the invoice that was made, not to a second one' : 'an answer that was lost is said; the next one is a new invoice, which alone is paid', async () => {
    stage.loseAnswers(true)
    const lost = await source.create(request)
    stage.loseAnswers(false)
    const again = await create()
    if (can.recalls)
      expect(lost.ok ? lost.value.paymentHash : again.paymentHash).toBe(again.paymentHash)
    else
      expect(lost).toMatchObject({ ok: false, error: { code: 'source_offline' } })
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

  // A case that a source cannot have is none, and is not counted as skipped.
  const where = (holds: boolean) => (name: string, body: () => Promise<void>, ms?: number): void => {
    if (holds)
      test(name, body, ms)
  }
  where(can.incoming)('what came in is listed with what arrived and when, the newest first; what waits or came before is not', async () => {
    const since = (Math.floor(Date.now() / 1_000) - 1) as Seconds
    const listed = async () => {
      const found = await source.incoming?.(since)
      if (!found?.ok)
        throw new Error(found?.error.code)
      return found.value
    }
    const before = (await listed()).map(({ paymentHash }) => paymentHash)
    const [paid, waiting] = [await create(), await create({ attempt: 2 })]
    await stage.pay(paid.bolt11)
    await settled(paid.paymentHash)
    const fresh = (await listed()).filter(({ paymentHash }) => !before.includes(paymentHash))
    expect(fresh).toEqual([{ paymentHash: paid.paymentHash, msat: 21_000_000, settledAt: expect.any(Number) as Seconds, description: request.description }])
    expect(waiting.paymentHash).not.toBe(paid.paymentHash)
    const times = (await listed()).map(({ settledAt }) => settledAt)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(await source.incoming?.((since + 3_600) as Seconds)).toEqual({ ok: true, value: [] })
  })

  where(!can.push)('T8: while the line is cut nothing is known of an invoice; afterwards it is looked up', async () => {
    const invoice = await create()
    await stage.cut()
    expect((await lookup(invoice.paymentHash)).status).toBe('unknown')
    await stage.pay(invoice.bolt11)
    await stage.restore()
    await settled(invoice.paymentHash)
  })

  where(can.push)('T8: a payment is hinted at; while the line is cut it is not, and afterwards a gap says that all is to be looked up', async () => {
    const hints: { type: string, paymentHash?: string }[] = []
    const end = source.subscribe(hint => hints.push(hint))
    await pause(300)
    const [seen, missed] = [await create(), await create({ attempt: 2 })]
    await stage.pay(seen.bolt11)
    await vi.waitFor(() => expect(hints).toContainEqual({ type: 'touched', paymentHash: seen.paymentHash }), 3000)
    await stage.cut()
    await vi.waitFor(() => expect(hints.at(-1)?.type).toBe('offline'), 3000)
    expect((await lookup(seen.paymentHash)).status).toBe('unknown')
    await stage.pay(missed.bolt11)
    await stage.restore()
    await vi.waitFor(() => expect(hints).toContainEqual({ type: 'gap' }), 8000)
    await settled(missed.paymentHash)
    end()
  }, 20_000)
}
