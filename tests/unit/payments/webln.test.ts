import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import type { Hex32 } from '../../../src/domain/brand'
import type { DecodedInvoice } from '../../../src/domain/invoice/types'
import { openWebln } from '../../../src/payments/webln'

const PREIMAGE = '07'.repeat(32)
const HASH = bytesToHex(sha256(new Uint8Array(32).fill(7))) as Hex32
const invoice = { bolt11: 'lnbcrt1', paymentHash: HASH } as DecodedInvoice
const provider = (sendPayment: () => Promise<unknown>, more: object = {}) => () => ({ enable: async () => undefined, sendPayment, ...more })

test('T8: paid only with a preimage that fits', async () => {
  expect(await openWebln(provider(async () => ({ preimage: PREIMAGE }))).pay(invoice)).toEqual({ status: 'paid', preimage: PREIMAGE, fees: null })
  expect(await openWebln(provider(async () => ({ preimage: '08'.repeat(32) }))).pay(invoice)).toEqual({ status: 'unknown', reason: 'preimage_mismatch' })
  expect((await openWebln(provider(async () => ({}))).pay(invoice)).status).toBe('unknown')
})

test('a no is a no, any other error leaves the outcome open', async () => {
  expect(await openWebln(provider(() => Promise.reject(new Error('User rejected')))).pay(invoice)).toEqual({ status: 'declined' })
  expect(await openWebln(provider(() => Promise.reject(new Error('Prompt was closed')), { enable: () => Promise.reject(new Error('no')) })).pay(invoice)).toEqual({ status: 'declined' })
  expect((await openWebln(provider(() => Promise.reject(new Error('boom')))).pay(invoice)).status).toBe('unknown')
})

test('without a wallet on the page nothing was tried', async () => {
  expect(await openWebln(() => undefined).pay(invoice)).toMatchObject({ status: 'failed', code: 'not_implemented' })
})

test('to stop waiting is not to stop the payment', async () => {
  const stop = new AbortController()
  const paying = openWebln(provider(() => new Promise(() => undefined))).pay(invoice, { signal: stop.signal })
  await new Promise((resolve) => { setTimeout(resolve, 5) })
  stop.abort()
  expect((await paying).status).toBe('unknown')
})

test('stopped before anything was sent', async () => {
  let sent = false
  const webln = openWebln(provider(async () => { sent = true }))
  expect(await webln.pay(invoice, { signal: AbortSignal.abort() })).toEqual({ status: 'declined' })
  expect(sent).toBe(false)
})

test('what became of it is asked where the wallet can be asked', async () => {
  const looked = openWebln(provider(async () => ({}), { lookupInvoice: async () => ({ paid: true, preimage: PREIMAGE }) }))
  expect((await looked.resolve(HASH)).status).toBe('paid')
  expect((await openWebln(provider(async () => ({}))).resolve(HASH)).status).toBe('unknown')
})
