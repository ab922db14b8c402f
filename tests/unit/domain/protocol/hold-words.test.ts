import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds, type Address } from '../../../../src/domain/brand'
import type { Dialect } from '../../../../src/domain/catalog/types'
import { foldThread } from '../../../../src/domain/order/fold'
import { isNoted, decodeOwnNote, encodeOwnNote } from '../../../../src/domain/protocol/own-note'
import type { LocalFact, OrderMessage, WireMessage } from '../../../../src/domain/order/types'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { lettersOf } from '../../../../src/domain/protocol/letters'
import type { Saying } from '../../../../src/domain/protocol/saying'
import { hex32, idOf, invoiceAt, KEY, local, ORDER_ID, people, placed, T0 } from '../../../support/order-messages'

const about = { orderId: ORDER_ID, shopper: people.shopper, merchant: people.merchant, items: [{ productId: 'mug', product: `30402:${people.merchant}:mug` as Address, quantity: 1 }] }
const hash = hex32(invoiceAt(0).paymentHash)
const notice = 'Your money comes back by itself.'
const request: Saying = { say: 'request', msat: toMsat(30_000), options: [{ type: 'ln', label: 'ln', link: invoiceAt(0).bolt11 }], text: 'Total: 30 sat', pin: idOf(1), zoneId: 'zone-1', expiresAt: null, reserve: { hash, text: notice } }

let n = 100
/** As the other side reads it. */
function read(dialect: Dialect, saying: Saying): readonly WireMessage[] {
  const letters = lettersOf(dialect, about, saying)
  if (!letters.ok)
    throw new TypeError(letters.error.code)
  return letters.value.map((letter) => {
    const envelope = { id: idOf(n += 1), author: people.merchant, receiver: people.shopper, sentAt: toSeconds(T0 + n) }
    const decoded = letter.transport === 'nip04'
      ? decodeMessage({ ...envelope, transport: 'nip04', plaintext: letter.plaintext })
      : decodeMessage({ ...envelope, transport: 'nip59', kind: letter.template.kind, tags: letter.template.tags, plaintext: letter.template.content })
    if (!decoded.ok)
      throw new TypeError(`${decoded.error.code}: ${decoded.error.detail}`)
    return decoded.value.message
  })
}
const dialects = ['nip15', 'gamma', 'plebeian', 'shopstr'] as const
const order = (dialect: Dialect, ...messages: readonly OrderMessage[]) => foldThread(KEY, [placed({ n: 1, at: 0, dialect }), ...messages])

describe.each(dialects)('in %s', (dialect) => {
  test('a request to reserve reads as one, on our side and in words for people', () => {
    const messages = read(dialect, request)
    const folded = order(dialect, ...messages)
    expect(folded?.request).toMatchObject({ reserve: true, paymentHash: hash })
    expect(folded?.holds).toMatchObject([{ state: 'asked', paymentHash: hash }])
    expect(messages.map(message => 'text' in message ? message.text : '').join('\n')).toContain(notice)
    expect(order(dialect, ...read(dialect, { ...request, reserve: undefined as never }))?.request?.reserve).toBeUndefined()
  })

  test('reserved and given back are words of the merchant', () => {
    const asked = read(dialect, request)
    const say = (state: 'held' | 'released') => read(dialect, { say: 'word', by: people.merchant, text: state, extra: { hold: { state, hash } } })
    const held = order(dialect, ...asked, ...say('held'))
    expect(held).toMatchObject({ status: 'escrow_locked', holds: [{ state: 'held' }] })
    expect(held?.timeline.at(-1)).toMatchObject({ what: 'held', by: 'merchant', text: 'held', verified: false })
    const back = order(dialect, ...asked, ...say('held'), ...say('released'))
    expect(back).toMatchObject({ status: 'payment_requested', holds: [{ state: 'released' }] })
    expect(back?.timeline.at(-1)).toMatchObject({ what: 'hold-released', text: 'released' })
  })

  test('T9: what came too much reads as the merchant\'s word, and as his sentence', () => {
    const asked = read(dialect, request)
    const excess = { what: 'twice', hash, msat: toMsat(30_000) } as const
    const told = order(dialect, ...asked, ...read(dialect, { say: 'word', by: people.merchant, text: 'A second time', extra: { excess } }))
    expect(told).toMatchObject({ payments: [{ strength: 'said', paymentHash: hash, msat: 30_000, excess: 'twice', by: 'merchant' }], problems: ['paid-twice'] })
    expect(told?.timeline.at(-1)).toMatchObject({ text: 'A second time', by: 'merchant' })
  })
})

test('T3: a word about a reservation in a form that is none of ours changes nothing', () => {
  for (const hold of ['{"state":"held"}', '{"state":"stolen","hash":"ab"}', 'true']) {
    const plaintext = `hello\n{"souk":{"order":"${ORDER_ID}","hold":${hold}}}`
    const decoded = decodeMessage({ id: idOf(90), author: people.merchant, receiver: people.shopper, sentAt: toSeconds(T0 + 50), transport: 'nip04', plaintext })
    expect(decoded.ok && order('nip15', decoded.value.message)).toMatchObject({ status: 'payment_pending', holds: [] })
  }
})

test('what peers say of an escrow is read and shown as text, and locks nothing', () => {
  const base = { id: idOf(80), author: people.merchant, receiver: people.shopper, sentAt: toSeconds(T0 + 20) }
  const spoken: readonly [Parameters<typeof decodeMessage>[0], string][] = [
    [{ ...base, transport: 'nip04', plaintext: 'Your money is in escrow at example.org' }, 'Your money is in escrow at example.org'],
    [{ ...base, transport: 'nip04', plaintext: JSON.stringify({ type: 9, id: ORDER_ID, escrow: 'locked', message: 'in escrow' }) }, 'in escrow'],
    [{ ...base, transport: 'nip59', kind: 16, tags: [['p', people.shopper], ['subject', 'order-info'], ['type', '3'], ['order', ORDER_ID], ['status', 'escrow_locked']], plaintext: 'held by the arbiter' }, 'escrow_locked\nheld by the arbiter'],
  ]
  for (const [opened, text] of spoken) {
    const decoded = decodeMessage(opened)
    expect(decoded.ok && decoded.value.message).toMatchObject({ type: 'chat', text: expect.stringContaining(text) })
    if (decoded.ok)
      expect(order('nip15', decoded.value.message)?.status).toBe('payment_pending')
  }
  // A status with more in it than we know is still that status, with its words.
  const status = decodeMessage({ ...base, transport: 'nip04', plaintext: JSON.stringify({ type: 2, id: ORDER_ID, paid: false, shipped: false, escrow: { state: 'locked' }, message: 'money in escrow' }) })
  expect(status.ok && order('nip15', status.value.message)).toMatchObject({ status: 'payment_pending', statusText: 'money in escrow' })
})

test('T5: reservations and escrows go to our other devices as they are', () => {
  const facts: readonly LocalFact[] = [
    local({ n: 5, at: 5 }, people.merchant, { type: 'hold', step: 'prepared', paymentHash: hash, preimage: hex32('7'.repeat(64)), attempt: 1 }),
    local({ n: 6, at: 6 }, people.merchant, { type: 'hold', step: 'held', paymentHash: hash, msat: toMsat(30_000), releaseAt: toSeconds(T0 + 600) }),
    local({ n: 7, at: 7 }, people.merchant, { type: 'hold', step: 'releasing', paymentHash: hash, reason: 'sold-out' }),
    local({ n: 8, at: 8 }, people.merchant, { type: 'escrow', provider: 'escrow.example', ref: 'lock-1', state: 'locked', msat: null, proof: '' }),
  ]
  expect(facts.every(isNoted)).toBe(true)
  const { kind, tags, content } = encodeOwnNote(people.merchant, facts)
  expect(decodeOwnNote({ id: idOf(9), author: people.merchant, receiver: people.merchant, sentAt: toSeconds(T0), transport: 'nip59', kind, tags, plaintext: content })).toEqual({ ok: true, value: facts })
})
