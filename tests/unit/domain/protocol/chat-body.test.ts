import { expect, test } from 'vitest'
import type { Dialect } from '../../../../src/domain/catalog/types'
import { cashuWorth, isForPrograms } from '../../../../src/domain/protocol/chat-body'
import { noteLetter } from '../../../../src/domain/protocol/note-letter'
import { people } from '../../../support/order-messages'

const token = (value: unknown): string => `cashuA${Buffer.from(JSON.stringify(value)).toString('base64url')}`

test('JSON is for programs, words with braces are for people', () => {
  expect(['{"type":7}', ' [1, 2]\n', '{"a":{"b":[]}}', '['.repeat(40) + ']'.repeat(40)].map(isForPrograms)).toEqual([true, true, true, true])
  expect(['{sigh}', '[see above]', 'hello {"a":1}', '', '"text"', '12'].map(isForPrograms)).toEqual([false, false, false, false, false, false])
})

test('a token says what it is worth, or nothing', () => {
  const proofs = [{ amount: 8, secret: 's' }, { amount: 2, secret: 't' }]
  expect(cashuWorth(token({ token: [{ mint: 'https://mint.example', proofs }], unit: 'sat' }))).toEqual({ amount: 10, unit: 'sat', mint: 'https://mint.example' })
  expect(cashuWorth(token({ token: [{ mint: 'https://mint.example', proofs }] }))?.unit).toBe('sat')
  expect([token({}), token({ token: [] }), token({ token: [{ proofs: [{ amount: -5 }] }] }), token({ token: [{ proofs: [{ amount: '5' }] }] }), 'cashuAnot base64', 'cashuBo2F0gaJha', '']
    .map(cashuWorth)).toEqual(Array.from({ length: 7 }, () => null))
})

test.each(['nip15', 'gamma', 'plebeian', 'shopstr'] satisfies readonly Dialect[])('%s: words about no order are never in the open', (dialect) => {
  expect(['nip04', 'nip59']).toContain(noteLetter(dialect, { to: people.merchant, text: 'hello' }).transport)
})
