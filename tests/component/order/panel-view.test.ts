import { describe, expect, test } from 'vitest'
import { announcement, panelView } from '../../../src/components/order/payment/panel-view'
import { countdown } from '../../../src/components/order/countdown'
import { toMsat, toSeconds, type Msat } from '../../../src/domain/brand'
import type { PaymentPanelState } from '../../../src/domain/order/payment-panel'

const amount = (msat: Msat): string => `${(msat / 1000).toLocaleString('en')} sat`
const checks = { amount: 'within', agreedMsat: null, oneTap: true } as const

/** One of each: the record makes the type checker name a state that is missing here. */
const everyState: Readonly<Record<PaymentPanelState['type'], PaymentPanelState>> = {
  'waiting-for-merchant': { type: 'waiting-for-merchant', sinceSeconds: 12 },
  'not-sent': { type: 'not-sent' },
  'prepaid': { type: 'prepaid', address: 'esma@wool.example', msat: toMsat(21_000) },
  'ready': { type: 'ready', bolt11: 'lnbcrt1', msat: toMsat(21_000), expiresAt: toSeconds(2_000), checks },
  'mismatch': { type: 'mismatch', codes: ['amount_mismatch'], askedMsat: toMsat(30_000), agreedMsat: toMsat(21_000), payable: true },
  'paying': { type: 'paying', via: 'nwc' },
  'outcome-unknown': { type: 'outcome-unknown' },
  'paid': { type: 'paid', strength: 'proved', msat: toMsat(21_000), preimage: 'ab' },
  'expired': { type: 'expired', bolt11: 'lnbcrt1' },
  'reserved': { type: 'reserved', sure: true },
  'released': { type: 'released', back: true },
  'refused': { type: 'refused', text: 'Sold out' },
  'superseded': { type: 'superseded' },
  'ended': { type: 'ended' },
  'unsupported': { type: 'unsupported', options: [] },
}

describe('what the panel says', () => {
  test.each(Object.values(everyState))('$type has a title, words, and says what is safe', (state) => {
    const view = panelView(state, amount)
    expect(view.title).not.toBe('')
    expect(view.body.length).toBeGreaterThan(0)
    // Only a ready invoice needs no such sentence: its checks are the safety.
    expect(view.safe === null).toBe(state.type === 'ready')
    expect([view.title, ...view.body, view.warn ?? '', view.safe ?? ''].join(' ')).not.toMatch(/\{\w+\}|undefined|null/)
  })

  test('every state that waits for somebody names a next action', () => {
    for (const type of ['prepaid', 'waiting-for-merchant', 'not-sent', 'outcome-unknown', 'expired', 'mismatch', 'refused', 'superseded', 'unsupported'] as const)
      expect(panelView(everyState[type], amount).acts.length, type).toBeGreaterThan(0)
  })

  test('T7: a differing amount names both amounts, and paying is not the first thing offered', () => {
    const view = panelView(everyState.mismatch, amount)
    expect(view.body.join(' ')).toContain('The merchant asks for 30 sat, you agreed to 21 sat.')
    expect(view.acts.find(item => item.primary)?.act).not.toBe('accept')
    expect(view.acts.map(item => item.act)).not.toContain('pay')
  })

  test.each(['wrong_network', 'payment_hash_reused', 'amount_missing', 'bad_checksum'] as const)('T7: %s can not be accepted', (code) => {
    const view = panelView({ type: 'mismatch', codes: [code], askedMsat: toMsat(1), agreedMsat: toMsat(1), payable: false }, amount)
    expect(view.acts.map(item => item.act)).not.toContain('accept')
    expect(view.safe).toBe('Nothing has been paid.')
  })

  test('T8: proved, said and claimed look and read differently', () => {
    const views = (['proved', 'said', 'claimed'] as const).map(strength => panelView({ type: 'paid', strength, msat: null, preimage: null }, amount))
    for (const aspect of ['title', 'tone'] as const)
      expect(new Set(views.map(view => view[aspect])).size).toBe(3)
    expect(views[2]?.title).not.toMatch(/^Paid/)
  })

  test('T10: a replaced invoice is not to be paid', () => {
    const view = panelView(everyState.superseded, amount)
    expect(view.body.join(' ')).toContain('Do not pay the old one')
    expect(view.acts.map(item => item.act)).toEqual(['ask-anew'])
  })

  test('an unknown outcome and an expired invoice warn of paying twice', () => {
    expect(announcement(panelView(everyState['outcome-unknown'], amount))).toContain('Do not pay again.')
    expect(announcement(panelView(everyState.expired, amount))).toContain('Already paid? Do not pay again.')
  })

  test('an unknown outcome offers no second way to pay', () => {
    expect(panelView(everyState['outcome-unknown'], amount).acts.map(item => item.act)).toEqual(['message'])
  })
})

describe('the countdown', () => {
  test('is quiet until the last quarter, then counts, then warns in the last minute', () => {
    expect(countdown(3600, 3600).mood).toBe('quiet')
    expect(countdown(901, 3600).mood).toBe('quiet')
    expect(countdown(900, 3600)).toEqual({ mood: 'soon', seconds: 900 })
    expect(countdown(60, 3600)).toEqual({ mood: 'last', seconds: 60 })
    expect(countdown(-5, 3600)).toEqual({ mood: 'last', seconds: 0 })
    expect(countdown(null, 3600).mood).toBe('quiet')
  })
})

describe('reserve, then take', () => {
  const ready = { ...everyState.ready, reserve: true } as PaymentPanelState
  const said = (state: PaymentPanelState): string => {
    const { title, body, warn, safe } = panelView(state, amount)
    return [title, ...body, warn ?? '', safe ?? ''].join(' ')
  }

  test('before paying: the money comes back by itself if the merchant cannot deliver', () => {
    expect(said(ready)).toContain('Your money comes back by itself if the merchant cannot deliver.')
    expect(said(everyState.ready)).not.toContain('comes back')
  })

  test('T8: while it is held it is called neither paid nor failed, and nothing can be paid again', () => {
    expect(said(everyState.reserved)).toContain('Reserved, not yet taken')
    for (const state of [everyState.reserved, { type: 'reserved', sure: false } as const]) {
      expect(said(state)).toContain('Do not pay again.')
      expect(said(state)).toContain('money comes back by itself')
      expect(said(state)).not.toMatch(/\bpaid, |failed/i)
      expect(panelView(state, amount).acts.map(({ act }) => act).filter(act => act !== 'message')).toEqual([])
    }
  })

  test('given back: it says where the money is, and a new invoice may be asked for once it is back', () => {
    expect(panelView(everyState.released, amount).title).toBe('Not taken; it is back in your wallet')
    expect(panelView(everyState.released, amount).acts.map(({ act }) => act)).toEqual(['ask-anew', 'message'])
    const coming = panelView({ type: 'released', back: false }, amount)
    expect(coming.title).toBe('Not taken; it comes back by itself')
    expect(coming.acts.map(({ act }) => act)).toEqual(['message'])
    expect(panelView({ type: 'refused', text: 'Sold out', released: true }, amount).safe).toBe('Not taken; it is back in your wallet.')
  })
})
