import { describe, expect, test } from 'vitest'
import { announcement, panelView } from '../../../src/components/order/payment/panel-view'
import { countdown } from '../../../src/components/order/countdown'
import { toMsat, toSeconds, type Msat } from '../../../src/domain/brand'
import type { PaymentPanelState } from '../../../src/domain/order/payment-panel'
import { everyPanelState } from '../../support/payment-states'

const amount = (msat: Msat): string => `${(msat / 1000).toLocaleString('en')} sat`

describe('what the panel says', () => {
  test.each(Object.values(everyPanelState))('$type has a title, words, and says what is safe', (state) => {
    const view = panelView(state, amount)
    expect(view.title).not.toBe('')
    expect(view.body.length).toBeGreaterThan(0)
    // Only a ready invoice needs no such sentence: its checks are the safety.
    expect(view.safe === null).toBe(state.type === 'ready')
    expect([view.title, ...view.body, view.warn ?? '', view.safe ?? ''].join(' ')).not.toMatch(/\{\w+\}|undefined|null/)
  })

  test('every state that waits for somebody names a next action', () => {
    for (const type of ['prepaid', 'waiting-for-merchant', 'not-sent', 'outcome-unknown', 'expired-while-paying', 'could-not-check', 'checking', 'underpaid', 'paid-twice', 'paid-late', 'expired', 'mismatch', 'refused', 'superseded', 'unsupported', 'released'] as const)
      expect(panelView(everyPanelState[type], amount).acts.length, type).toBeGreaterThan(0)
  })

  test('T7: a differing amount names both amounts, and paying is not the first thing offered', () => {
    const view = panelView(everyPanelState.mismatch, amount)
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

  test('T7: how far an amount is off is said in percent, on the invoice that may be paid as well', () => {
    const ready = { ...everyPanelState.ready, msat: toMsat(1_012_000), checks: { amount: 'within', agreedMsat: toMsat(1_000_000), oneTap: true } } as const
    expect(panelView(ready, amount).note).toBe('The merchant asks 1.2 % more than the 1,000 sat you agreed to. Exchange rates move; a difference of up to 1 % is usual.')
    expect(panelView({ ...ready, msat: toMsat(1_000_000) }, amount).note).toBeNull()
    expect(panelView({ ...ready, msat: toMsat(900_000), checks: { ...ready.checks, amount: 'below' } }, amount).note).toContain('10 % less than the 1,000 sat')
    expect(panelView(everyPanelState.mismatch, amount).body.join(' ')).toContain('That is 42.9 % more.')
  })

  test('T10: another way of sending is said, with the old total, the new one and the difference', () => {
    const ready = { ...everyPanelState.ready, rezoned: true, msat: toMsat(700_000), checks: { amount: 'below', agreedMsat: toMsat(1_000_000), oneTap: true } } as const
    expect(panelView(ready, amount, 'Ann', 'Pick-up').note).toBe('The merchant sends it another way than you chose: Pick-up. So the total is now 700 sat instead of 1,000 sat: 300 sat less.')
    expect(panelView(ready, amount).note).toContain('another way than you chose.')
    expect(panelView({ ...everyPanelState.mismatch, rezoned: true }, amount, 'Ann', 'Worldwide').body[0]).toContain('another way than you chose: Worldwide. So the total is now')
  })

  test('who waits long may remind the merchant, and who has done so is asked for patience', () => {
    const waiting = (reminder: 'early' | 'due' | 'sent') => panelView({ type: 'waiting-for-merchant', sinceSeconds: 4_000, reminder }, amount)
    expect(waiting('early').acts.map(({ act }) => act)).toEqual(['message', 'cancel'])
    expect(waiting('due').acts.map(({ act }) => act)).toEqual(['remind', 'cancel'])
    expect(waiting('sent').body.join(' ')).toContain('within the last day')
    expect(waiting('sent').acts.map(({ act }) => act)).not.toContain('remind')
  })

  test('T9: a wallet that never answered: what to do is said, and the way on is the person\'s own look into the wallet', () => {
    expect(panelView({ type: 'could-not-check', over: false }, amount).acts.map(({ act }) => act)).toEqual(['message', 'claim'])
    expect(panelView(everyPanelState['could-not-check'], amount).acts.map(({ act }) => act)).toEqual(['message', 'claim', 'not-paid'])
  })

  test('T9: what the merchant was told is not offered to be told again; it is said, and the merchant can be written to', () => {
    const replaced = panelView({ type: 'superseded', told: true }, amount)
    expect(replaced.body[0]).toContain('You told the merchant that you paid')
    expect(replaced.acts.map(({ act }) => act)).toEqual(['message', 'show-new'])
    for (const over of [false, true]) {
      const silent = panelView({ type: 'could-not-check', over, told: true }, amount)
      expect(silent.body[0]).toContain('You told the merchant that you paid it')
      expect(silent.acts.map(({ act }) => act)).toEqual(over ? ['message', 'not-paid'] : ['message'])
      expect(silent.acts[0]?.label).toBe('Message the merchant')
    }
  })

  test('T10: a replaced invoice is not to be paid', () => {
    const view = panelView(everyPanelState.superseded, amount)
    expect(view.body.join(' ')).toContain('Do not pay the old one')
    expect(view.warn).toContain('Already paid?')
    expect(view.acts.map(item => item.act)).toEqual(['claim', 'show-new', 'message'])
  })

  test('T9: wherever a wallet outside may have paid, it can be said; never as the first thing but where nobody else can know', () => {
    for (const type of ['checking', 'expired', 'superseded', 'could-not-check'] as const)
      expect(panelView(everyPanelState[type], amount).acts.map(({ act }) => act), type).toContain('claim')
    const unwatched = panelView({ type: 'expired', bolt11: 'lnbcrt1', selfMade: { address: 'esma@wool.example', host: 'wool.example', verify: null } }, amount)
    expect(unwatched.title).toBe('Did you pay it?')
    expect(unwatched.acts.map(({ label }) => label)).toEqual(['I have paid', 'No: get a new one', 'Message the merchant'])
    expect(unwatched.acts.filter(({ primary }) => primary).map(({ act }) => act)).toEqual(['claim'])
  })

  test('a merchant who is silent about a payment is no dead end: said, and after an hour reminded', () => {
    const paid = (strength: 'proved' | 'claimed', reminder?: 'early' | 'due' | 'sent') => panelView({ type: 'paid', strength, msat: null, preimage: null, ...reminder && { silent: { since: toSeconds(1), reminder } } }, amount)
    expect(paid('proved').acts).toEqual([])
    expect(paid('proved', 'early').body.join(' ')).toContain('The merchant has not confirmed it yet.')
    expect(paid('proved', 'early').acts).toEqual([])
    expect(paid('proved', 'due').acts.map(({ act }) => act)).toEqual(['remind', 'message'])
    expect(paid('proved', 'sent').body.join(' ')).toContain('within the last day')
    expect(paid('proved', 'sent').acts.map(({ act }) => act)).toEqual(['message'])
    expect(paid('claimed', 'early').acts.map(({ act }) => act)).toEqual(['message'])
    expect(paid('claimed', 'due').acts.map(({ act }) => act)).toEqual(['remind', 'message'])
  })

  test('an unknown outcome and an expired invoice warn of paying twice', () => {
    expect(announcement(panelView(everyPanelState['outcome-unknown'], amount))).toContain('Do not pay again.')
    expect(announcement(panelView(everyPanelState.expired, amount))).toContain('Already paid? Do not pay again.')
  })

  test('an unknown outcome offers no second way to pay', () => {
    expect(panelView(everyPanelState['outcome-unknown'], amount).acts.map(item => item.act)).toEqual(['message'])
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
  const ready: PaymentPanelState = { ...everyPanelState.ready, reserve: true }
  const said = (state: PaymentPanelState): string => {
    const { title, body, warn, safe } = panelView(state, amount)
    return [title, ...body, warn ?? '', safe ?? ''].join(' ')
  }

  test('before paying: the money comes back by itself if the merchant cannot deliver', () => {
    expect(said(ready)).toContain('Your money comes back by itself if the merchant cannot deliver.')
    expect(said(everyPanelState.ready)).not.toContain('comes back')
  })

  test('T8: while it is held it is called neither paid nor failed, and nothing can be paid again', () => {
    expect(said(everyPanelState.reserved)).toContain('Reserved, not yet taken')
    for (const state of [everyPanelState.reserved, { type: 'reserved', sure: false } as const]) {
      expect(said(state)).toContain('Do not pay again.')
      expect(said(state)).toContain('money comes back by itself')
      expect(said(state)).not.toMatch(/\bpaid, |failed/i)
      expect(panelView(state, amount).acts.map(({ act }) => act).filter(act => act !== 'message')).toEqual([])
    }
  })

  test('given back: it says where the money is, and a new invoice may be asked for once it is back', () => {
    expect(panelView(everyPanelState.released, amount).title).toBe('Not taken; it is back in your wallet')
    expect(panelView(everyPanelState.released, amount).acts.map(({ act }) => act)).toEqual(['ask-anew', 'message'])
    const coming = panelView({ type: 'released', back: false }, amount)
    expect(coming.title).toBe('Not taken; it comes back by itself')
    expect(coming.acts.map(({ act }) => act)).toEqual(['message'])
    expect(panelView({ type: 'refused', text: 'Sold out', released: true }, amount).safe).toBe('Not taken; it is back in your wallet.')
  })
})
