import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../src/domain/brand'
import { checkIssued } from '../../../src/payments/issued'
import { invoiceAt, T0 } from '../../support/order-messages'

const { bolt11 } = invoiceAt(0)
const request = { orderId: 'o', attempt: 1, amount: toMsat(30_000), description: '', expirySeconds: 900 }
const at = (seconds: number) => checkIssued(bolt11, request, 'mainnet', toSeconds(T0 + seconds))

describe('what a wallet returns', () => {
  // The invoice lives for an hour, whatever was asked.
  test('its own expiry serves, also where its clock runs ahead', () => {
    expect(at(0)).toMatchObject({ ok: true, value: { amount: 30_000 } })
    expect(at(-500)).toMatchObject({ ok: true })
    expect(at(3_700)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice', detail: 'already expired' } })
    expect(at(-30 * 3_600)).toMatchObject({ ok: false, error: { detail: 'expires later than asked' } })
  })
  test('another amount or network does not', () => {
    expect(checkIssued(bolt11, { ...request, amount: toMsat(31_000) }, 'mainnet', toSeconds(T0))).toMatchObject({ ok: false })
    expect(checkIssued(bolt11, request, 'regtest', toSeconds(T0))).toMatchObject({ ok: false })
  })
})
