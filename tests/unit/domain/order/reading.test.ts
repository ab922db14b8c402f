import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { markRead, mergeMarks, MOST_MARKS, unreadOf, type Heard, type ReadMarks } from '../../../../src/domain/order/reading'
import { idOf, people } from '../../../support/order-messages'

const { shopper: me, merchant: they } = people
const NOW = 2_000_000_000
const heard = (n: number, sentAt: number, arrivedAt = sentAt, author = they): Heard => ({ id: idOf(n), author, sentAt: toSeconds(NOW + sentAt), arrivedAt: toSeconds(NOW + arrivedAt) })
const none: ReadMarks = { since: toSeconds(NOW), threads: new Map() }
const unread = (said: readonly Heard[], marks = none) => unreadOf(said, marks.threads.get('x'), marks.since, me)

describe('what was not read yet', () => {
  test('everything of the other side, nothing of our own', () => {
    expect(unread([heard(1, 5), heard(2, 4, 4, me)])).toEqual([idOf(1)])
  })
  test('what was on the screen is read', () => {
    expect(unread([heard(1, 5)], markRead(none, 'x', [heard(1, 5)]))).toEqual([])
  })
  test('a message that was long on its way counts, though it was written before', () => {
    const marks = markRead(none, 'x', [heard(1, 50)])
    expect(unread([heard(1, 50), heard(2, 10, 60)], marks)).toEqual([idOf(2)])
  })
  test('another one in the very second that was seen counts', () => {
    expect(unread([heard(1, 5, 9), heard(2, 6, 9)], markRead(none, 'x', [heard(1, 5, 9)]))).toEqual([idOf(2)])
  })
  test('an answer says that what was before it was read', () => {
    expect(unread([heard(1, 5), heard(2, 6, 6, me), heard(3, 7)])).toEqual([idOf(3)])
  })
  test('an answer written here does not hide what was written before it and came after it', () => {
    expect(unread([heard(1, 5, 600), heard(2, 300, 300, me)])).toEqual([idOf(1)])
  })
  test('one that came from another device says that everything before it was read, in whichever order it came', () => {
    expect(unread([heard(1, 5, 9_000), heard(2, 300, 8_990, me)])).toEqual([])
  })
  test('a restored account does not begin with years of news', () => {
    expect(unread([heard(1, -31 * 86_400, 5), heard(2, -86_400, 5)])).toEqual([idOf(2)])
  })
})

test('seeing the same again changes nothing', () => {
  const marks = markRead(none, 'x', [heard(1, 5)])
  expect(markRead(marks, 'x', [heard(1, 5)])).toBe(marks)
  expect(markRead(marks, 'y', [])).toBe(marks)
})

test('T13: two tabs together have read what either has, whoever writes first', () => {
  const seen = fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.integer({ min: 1, max: 30 })), { maxLength: 12 })
  fc.assert(fc.property(seen, seen, (one, other) => {
    const marksOf = (list: typeof one): ReadMarks => list.reduce((marks, [thread, n]) => markRead(marks, thread, [heard(n, n)]), none)
    const [a, b] = [marksOf(one), marksOf(other)]
    const both = mergeMarks(a, b)
    const all = Array.from({ length: 30 }, (_, index) => heard(index + 1, index + 1))
    for (const thread of ['x', 'y']) {
      const left = (marks: ReadMarks) => new Set(unreadOf(all, marks.threads.get(thread), marks.since, me))
      expect(left(both)).toEqual(new Set([...left(a)].filter(id => left(b).has(id))))
      expect(left(mergeMarks(b, a))).toEqual(left(both))
    }
  }))
})

test('marks are bounded, and what a forgotten one covered does not come back', () => {
  let marks = none
  for (let n = 0; n <= MOST_MARKS; n++)
    marks = markRead(marks, `thread ${n}`, [heard(n + 1, n)])
  expect(marks.threads.size).toBe(MOST_MARKS)
  expect(unreadOf([heard(1, 0)], marks.threads.get('thread 0'), marks.since, me)).toEqual([])
})
