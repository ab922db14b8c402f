/** One of each state of a payment: the records make the type checker name a state that is missing. */
import { toMsat, toSeconds } from '../../src/domain/brand'
import type { DeskPaymentState } from '../../src/domain/order/desk-payment-state'
import type { PaymentPanelState } from '../../src/domain/order/payment-panel'

const checks = { amount: 'within', agreedMsat: null, oneTap: true } as const
const proved = { strength: 'proved', preimage: null } as const

export const everyPanelState: { readonly [T in PaymentPanelState['type']]: PaymentPanelState & { readonly type: T } } = {
  'waiting-for-merchant': { type: 'waiting-for-merchant', sinceSeconds: 4_000, reminder: 'due' },
  'not-sent': { type: 'not-sent' },
  'prepaid': { type: 'prepaid', address: 'esma@wool.example', msat: toMsat(21_000) },
  'ready': { type: 'ready', bolt11: 'lnbcrt1', msat: toMsat(21_000), expiresAt: toSeconds(2_000), checks },
  'mismatch': { type: 'mismatch', codes: ['amount_mismatch'], askedMsat: toMsat(30_000), agreedMsat: toMsat(21_000), payable: true },
  'paying': { type: 'paying', via: 'nwc' },
  'outcome-unknown': { type: 'outcome-unknown' },
  'expired-while-paying': { type: 'expired-while-paying' },
  'could-not-check': { type: 'could-not-check', over: true },
  'reserved': { type: 'reserved', sure: true },
  'released': { type: 'released', back: true },
  'paid': { type: 'paid', strength: 'proved', msat: toMsat(21_000), preimage: 'ab' },
  'underpaid': { type: 'underpaid', ...proved, msat: toMsat(20_000), askedMsat: toMsat(21_000) },
  'overpaid': { type: 'overpaid', ...proved, msat: toMsat(22_000), askedMsat: toMsat(21_000) },
  'paid-twice': { type: 'paid-twice', ...proved, msat: toMsat(42_000) },
  'paid-late': { type: 'paid-late', after: 'end', ...proved, msat: toMsat(21_000) },
  'refund-due': { type: 'refund-due', ...proved, msat: toMsat(21_000) },
  'checking': { type: 'checking', bolt11: 'lnbcrt1' },
  'expired': { type: 'expired', bolt11: 'lnbcrt1' },
  'superseded': { type: 'superseded' },
  'refused': { type: 'refused', text: 'Sold out' },
  'ended': { type: 'ended' },
  'unsupported': { type: 'unsupported', options: [] },
}

export const everyDeskState: { readonly [T in DeskPaymentState['type']]: DeskPaymentState & { readonly type: T } } = {
  'not-invoiced': { type: 'not-invoiced', sinceSeconds: 60 },
  'waiting': { type: 'waiting', expiresAt: toSeconds(2_000) },
  'expired': { type: 'expired', expiredAt: toSeconds(990) },
  'checking': { type: 'checking', since: toSeconds(900), expired: true },
  'could-not-check': { type: 'could-not-check', claimed: true },
  'reserved': { type: 'reserved', by: 'wallet' },
  'released': { type: 'released' },
  'paid': { type: 'paid', strength: 'proved', msat: toMsat(21_000) },
  'underpaid': { type: 'underpaid', askedMsat: toMsat(21_000), msat: toMsat(20_000) },
  'overpaid': { type: 'overpaid', askedMsat: toMsat(21_000), msat: toMsat(22_000) },
  'paid-twice': { type: 'paid-twice', msat: toMsat(42_000) },
  'paid-late': { type: 'paid-late', after: 'end', msat: toMsat(21_000) },
  'refund-due': { type: 'refund-due', msat: toMsat(21_000) },
  'mismatch': { type: 'mismatch', codes: ['wrong_network'] },
  'refused': { type: 'refused' },
  'ended': { type: 'ended' },
}
