import fc from 'fast-check'
import { decode } from 'light-bolt11-decoder'
import { expect, test } from 'vitest'
import { decodeInvoice } from '../../../../src/domain/invoice/bolt11'
import { peekInvoice } from '../../../../src/domain/invoice/peek'
import { makeInvoice } from '../../../support/order-invoices'

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('hex'))
const spec = fc.record({ preimage: hex, msat: fc.option(fc.integer({ min: 1, max: 2_000_000_000_000 })), createdAt: fc.integer({ min: 1_500_000_000, max: 2 ** 32 - 2 ** 20 }), prefix: fc.constantFrom('lnbc', 'lntb', 'lntbs', 'lnbcrt') })

test('T6: hash, amount and times of a peeked invoice are those of the full decoder', () => {
  fc.assert(fc.property(spec, fc.option(fc.integer({ min: 1, max: 2 ** 20 - 1 })), (given, expiry) => {
    const invoice = makeInvoice({ ...given, ...(expiry !== null && { expirySeconds: expiry }) })
    const { sections } = decode(invoice.bolt11)
    const section = (name: string) => sections.find(one => one.name === name)
    const peeked = peekInvoice(invoice.bolt11)
    const amount = section('amount')
    expect(peeked?.amount ?? null).toBe(amount !== undefined && 'value' in amount ? Number(amount.value) : null)
    expect(peeked).toMatchObject({ paymentHash: invoice.paymentHash, createdAt: given.createdAt, expiresAt: given.createdAt + (expiry ?? 3_600) })
  }), { numRuns: 60 })
})

test('T6: what the strict reader accepts, the light one reads the same', () => {
  fc.assert(fc.property(spec, (given) => {
    const { bolt11 } = makeInvoice(given)
    const strict = decodeInvoice(bolt11)
    const { network, amount, paymentHash, createdAt, expiresAt } = strict.ok ? strict.value : { network: null, amount: null, paymentHash: null, createdAt: null, expiresAt: null }
    expect(peekInvoice(bolt11)).toEqual({ bolt11, network, amount, paymentHash, createdAt, expiresAt })
  }), { numRuns: 40 })
})

test('case, white space and scheme are let pass; a single wrong sign is not', () => {
  const { bolt11, paymentHash } = makeInvoice({ preimage: '1'.repeat(64), msat: 30_000, createdAt: 1_793_610_000 })
  for (const same of [bolt11.toUpperCase(), ` ${bolt11}\n`, `lightning:${bolt11}`, `LIGHTNING:${bolt11.toUpperCase()}`])
    expect(peekInvoice(same)).toMatchObject({ paymentHash, bolt11, network: 'mainnet' })
  fc.assert(fc.property(fc.nat(bolt11.length - 1), fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1'), (at, sign) => {
    fc.pre(bolt11[at] !== sign)
    expect(peekInvoice(bolt11.slice(0, at) + sign + bolt11.slice(at + 1))).toBeUndefined()
  }))
})

test('T20: no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'lnbc1qpzry9x8gf2tvdw0s3j') , maxLength: 400 }), fc.constant('ln1'), fc.constant('1')), (text) => {
    expect(peekInvoice(text) ?? null).toBeNull()
  }))
  expect(peekInvoice('lnbc1'.repeat(100_000))).toBeUndefined()
})
