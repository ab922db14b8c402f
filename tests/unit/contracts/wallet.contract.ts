import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Msat } from '../../../src/domain/brand'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'
import type { DecodedInvoice } from '../../../src/domain/invoice/types'
import type { Wallet } from '../../../src/ports/wallet'

export interface WalletStage {
  /** A connection of its own, as after a reload. */
  open(): Wallet
  /** Somebody asks for money. */
  invoice(msat: number, expirySeconds: number): Promise<string>
  received(paymentHash: string): number | undefined
  readonly balance: Msat
  loseAnswers(lost: boolean): void
  answerTwice(twice: boolean): void
  /** Pays, then says that something broke. */
  breakAfterPaying(breaks: boolean): void
  cut(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

/** What every shopper's wallet promises. */
export function walletContract(build: () => Promise<WalletStage>): void {
  let stage: WalletStage
  let wallet: Wallet

  beforeAll(async () => {
    stage = await build()
    wallet = stage.open()
  })
  afterAll(async () => {
    wallet.dispose()
    await stage.close()
  })

  async function invoice(msat = 5_000_000, expirySeconds = 600): Promise<DecodedInvoice> {
    const decoded = decodeInvoice(await stage.invoice(msat, expirySeconds))
    if (!decoded.ok)
      throw new Error(decoded.error.code)
    return decoded.value
  }

  test('T8: pays, with a preimage that fits, and can be asked again', async () => {
    const asked = await invoice()
    const outcome = await wallet.pay(asked)
    expect(outcome).toMatchObject({ status: 'paid', fees: 0 })
    expect(stage.received(asked.paymentHash)).toBe(5_000_000)
    expect(await wallet.resolve(asked.paymentHash)).toMatchObject({ status: 'paid' })
  })

  test('T9: paying again, also after a reload, takes nothing more and finds the first payment', async () => {
    const asked = await invoice()
    await wallet.pay(asked)
    const reloaded = stage.open()
    expect((await wallet.pay(asked)).status).toBe('paid')
    expect((await reloaded.pay(asked)).status).toBe('paid')
    expect(stage.received(asked.paymentHash)).toBe(5_000_000)
    reloaded.dispose()
  })

  test('an expired invoice is not paid', async () => {
    const asked = await invoice(5_000_000, 1)
    await new Promise((resolve) => { setTimeout(resolve, 2100) })
    expect(await wallet.pay(asked)).toMatchObject({ status: 'failed', code: 'expired' })
    expect(stage.received(asked.paymentHash)).toBeUndefined()
  })

  test('more than there is: certain that nothing was taken', async () => {
    const asked = await invoice(stage.balance + 1_000_000)
    expect(await wallet.pay(asked)).toMatchObject({ status: 'failed', code: 'insufficient_balance' })
  })

  test('paid, but the wallet says that something broke: found as paid', async () => {
    stage.breakAfterPaying(true)
    expect((await wallet.pay(await invoice())).status).toBe('paid')
    stage.breakAfterPaying(false)
  })

  test('an answer that was lost is never a failure, and is found later', async () => {
    const asked = await invoice()
    stage.loseAnswers(true)
    expect((await wallet.pay(asked)).status).toBe('unknown')
    stage.loseAnswers(false)
    expect((await wallet.resolve(asked.paymentHash)).status).toBe('paid')
  })

  test('two answers to one question are one payment', async () => {
    stage.answerTwice(true)
    const asked = await invoice()
    expect((await wallet.pay(asked)).status).toBe('paid')
    stage.answerTwice(false)
    expect(stage.received(asked.paymentHash)).toBe(5_000_000)
  })

  test('while the line is cut nothing is sent; when it is back the wallet pays', async () => {
    await stage.cut()
    const asked = await invoice()
    expect(await wallet.pay(asked)).toMatchObject({ status: 'failed' })
    expect(stage.received(asked.paymentHash)).toBeUndefined()
    await stage.restore()
    await vi.waitFor(async () => expect((await wallet.pay(asked)).status).toBe('paid'), { timeout: 8000, interval: 200 })
  }, 20_000)
}
