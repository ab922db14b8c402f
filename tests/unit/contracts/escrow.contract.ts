import { beforeEach, describe, expect, test } from 'vitest'
import { toMsat, toSeconds, type Msat, type Pubkey, type Seconds } from '../../../src/domain/brand'
import type { Escrow, EscrowTerms } from '../../../src/ports/escrow'

export interface EscrowStage {
  readonly escrow: Escrow
  readonly people: { readonly shopper: Pubkey, readonly merchant: Pubkey, readonly arbiter: Pubkey, readonly stranger: Pubkey }
  now(): Seconds
  /** Time goes on at the provider. */
  pass(seconds: number): void
  /** The shopper pays what `open` named. */
  pay(payTo: string, msat: Msat): Promise<boolean>
  goOffline(off: boolean): void
}

/** What every escrow provider promises: locked once, ended once, by whom it is theirs to end, and no answer is no news. */
export function escrowContract(build: () => EscrowStage): void {
  let stage: EscrowStage
  let terms: EscrowTerms
  beforeEach(() => {
    stage = build()
    const { shopper, merchant } = stage.people
    terms = { orderId: 'order-1', shopper, merchant, amount: toMsat(30_000), releaseAt: toSeconds(stage.now() + 14 * 86_400) }
  })

  async function locked(): Promise<string> {
    const opened = await stage.escrow.open(terms)
    if (!opened.ok)
      throw new Error(opened.error.code)
    expect(await stage.pay(opened.value.payTo, terms.amount)).toBe(true)
    return opened.value.ref
  }
  const status = async (ref: string) => (await stage.escrow.state(ref)).status

  test('it has a name, is opened once for one order, and is open until it was paid in full', async () => {
    expect(stage.escrow.provider).not.toBe('')
    const opened = await stage.escrow.open(terms)
    expect(await stage.escrow.open(terms)).toEqual(opened)
    expect(await stage.escrow.open({ ...terms, amount: toMsat(1) })).toMatchObject({ ok: false, error: { code: 'escrow_refused' } })
    const { ref, payTo } = opened.ok ? opened.value : { ref: '', payTo: '' }
    expect(await status(ref)).toBe('open')
    expect(await stage.pay(payTo, toMsat(29_999))).toBe(false)
    expect(await stage.pay(payTo, terms.amount)).toBe(true)
    expect(await stage.escrow.state(ref)).toMatchObject({ status: 'locked', msat: 30_000, proof: expect.any(String) })
    expect(await stage.pay(payTo, terms.amount)).toBe(false)
  })

  describe('its end', () => {
    test('the shopper releases it to the merchant, once; afterwards nothing else can be done', async () => {
      const ref = await locked()
      for (const _ of [1, 2])
        expect(await stage.escrow.release(ref, terms.shopper)).toMatchObject({ ok: true })
      expect(await status(ref)).toBe('released')
      expect(await stage.escrow.refund(ref, terms.merchant)).toMatchObject({ ok: false, error: { code: 'ended' } })
      expect(await stage.escrow.dispute(ref, terms.shopper, 'broken')).toMatchObject({ ok: false, error: { code: 'ended' } })
    })

    test('the merchant sends it back, once', async () => {
      const ref = await locked()
      for (const _ of [1, 2])
        expect(await stage.escrow.refund(ref, terms.merchant)).toMatchObject({ ok: true })
      expect(await status(ref)).toBe('refunded')
      expect(await stage.escrow.release(ref, terms.shopper)).toMatchObject({ ok: false, error: { code: 'ended' } })
    })

    test('nobody ends it in their own favour, and a stranger not at all', async () => {
      const ref = await locked()
      const { merchant, shopper, stranger } = stage.people
      expect(await stage.escrow.release(ref, merchant)).toMatchObject({ ok: false, error: { code: 'not_allowed' } })
      expect(await stage.escrow.refund(ref, shopper)).toMatchObject({ ok: false, error: { code: 'not_allowed' } })
      for (const act of [stage.escrow.release(ref, stranger), stage.escrow.refund(ref, stranger), stage.escrow.dispute(ref, stranger, '')])
        expect(await act).toMatchObject({ ok: false, error: { code: 'not_allowed' } })
      expect(await status(ref)).toBe('locked')
    })

    test('without a word it is released at its time; in a dispute it waits for the arbiter', async () => {
      const first = await locked()
      terms = { ...terms, orderId: 'order-2' }
      const other = await locked()
      expect(await stage.escrow.dispute(other, terms.shopper, 'never came')).toMatchObject({ ok: true })
      stage.pass(15 * 86_400)
      expect(await status(first)).toBe('released')
      expect(await status(other)).toBe('disputed')
      expect(await stage.escrow.refund(other, stage.people.arbiter)).toMatchObject({ ok: true })
      expect(await status(other)).toBe('refunded')
    })
  })

  test('no answer is no news: what is not reached, or not known, is unknown and not unpaid', async () => {
    const ref = await locked()
    stage.goOffline(true)
    expect(await status(ref)).toBe('unknown')
    expect(await stage.escrow.release(ref, terms.shopper)).toMatchObject({ ok: false, error: { code: 'escrow_offline' } })
    stage.goOffline(false)
    expect(await status(ref)).toBe('locked')
    expect(await status('of another')).toBe('unknown')
    expect(await stage.escrow.release('of another', terms.shopper)).toMatchObject({ ok: false, error: { code: 'unknown_lock' } })
  })
}
