import { expect, test, vi } from 'vitest'
import type { OrderKey, Pubkey, Seconds } from '../../../src/domain/brand'
import type { OrderMessage } from '../../../src/domain/order/types'
import type { Journal, JournalEntry } from '../../../src/ports/journal'
import { MERCHANT, SHOPPER, STRANGER, answered, delivery, id, orderKey, placed } from '../storage/messages'

export const settle = (ms = 30): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

/** Follows until everything kept has come. */
export async function kept(journal: Journal) {
  const entries: JournalEntry[] = []
  const news: JournalEntry[] = []
  let end = (): void => undefined
  const result = await new Promise<Parameters<NonNullable<Parameters<Journal['follow']>[1]>>[0]>((resolve) => {
    end = journal.follow((some, phase) => (phase === 'kept' ? entries : news).push(...some), resolve)
  })
  return { entries, news, result, ids: () => entries.map(entry => entry.message.id), end: () => end() }
}

/** What every Journal promises, whatever it rests on. */
export function journalContract(open: () => Promise<Journal> | Journal): void {
  test('T1: message and deliveries come together, and once per id', async () => {
    const journal = await open()
    const message = placed(1)
    expect(await journal.append(message, [delivery(message)])).toEqual({ ok: true, value: { added: true } })
    expect(await journal.append(message, [delivery(message)])).toEqual({ ok: true, value: { added: false } })
    expect((await journal.undelivered()).map(one => one.id)).toEqual([`${id(1)}:${MERCHANT}`])
    expect(await journal.has([id(1), id(2)])).toEqual(new Set([id(1)]))
    expect((await kept(journal)).entries.map(entry => entry.message)).toEqual([message])
    journal.close()
  })

  test('what is kept comes oldest first, then what is new, each once', async () => {
    const journal = await open()
    await journal.appendAll([placed(5, 'b'), answered(3), placed(1)])
    const follower = await kept(journal)
    expect(follower.ids()).toEqual([id(1), id(3), id(5)])
    expect(follower.result).toEqual({ ok: true, value: 3 })
    expect(await journal.appendAll([placed(5, 'b'), placed(7, 'c')])).toEqual({ ok: true, value: { added: 1 } })
    await settle()
    expect(follower.news.map(entry => entry.message.id)).toEqual([id(7)])
    follower.end()
    await journal.append(placed(8, 'd'))
    expect(follower.news).toHaveLength(1)
    journal.close()
  })

  test('more than one chunk arrives whole and in sequence', async () => {
    const journal = await open()
    const many: OrderMessage[] = Array.from({ length: 300 }, (_, n) => placed(300 - n, `o${n}`, 5000 - (n % 7)))
    await journal.appendAll(many)
    const { entries } = await kept(journal)
    expect(new Set(entries.map(entry => entry.message.id)).size).toBe(300)
    const times = entries.map(entry => entry.message.sentAt)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    journal.close()
  })

  test('messages and what brought them are noted together: the wrap of a message that is here needs no opening again', async () => {
    const journal = await open()
    const at = 2000 as Seconds
    expect(await journal.appendAll([placed(1), answered(2)], [{ id: id(11), at, spoilt: '' }, { id: id(12), at, spoilt: 'decrypt' }])).toEqual({ ok: true, value: { added: 2 } })
    expect(await journal.has([id(1), id(2), id(11), id(12), id(13)])).toEqual(new Set([id(1), id(2), id(11), id(12)]))
    expect(await journal.spoilt()).toEqual([{ id: id(12), at, spoilt: 'decrypt' }])
    expect(await journal.appendAll([], [{ id: id(13), at, spoilt: 'limit' }])).toEqual({ ok: true, value: { added: 0 } })
    expect(await journal.has([id(13)])).toEqual(new Set([id(13)]))
    journal.close()
  })

  test('a thread holds what either party wrote, and nothing of strangers or other orders', async () => {
    const journal = await open()
    await journal.appendAll([placed(1), answered(2), answered(3, 'order-1', STRANGER), placed(4, 'other')])
    const thread = await journal.messagesOf(orderKey('order-1'))
    expect(thread.ok && thread.value.map(message => message.id)).toEqual([id(1), id(2)])
    journal.close()
  })

  test('a thread holds what names its order by an order message, and what keys made for it wrote', async () => {
    const journal = await open()
    const throwAway = (n: number): Pubkey => id(n) as string as Pubkey
    const word = (n: number, receiver: Pubkey): OrderMessage =>
      ({ type: 'unattributed', id: id(n), author: throwAway(n), receiver, sentAt: 1000 as Seconds, transport: 'nip59', dialect: 'shopstr', orderId: 'order-1', subject: 'shipping-info', text: '' })
    const line = (n: number, fields: object = {}): OrderMessage => ({ ...placed(n), author: throwAway(n), dialect: 'shopstr', throwAway: { claims: SHOPPER }, ...fields })
    await journal.appendAll([placed(1), answered(2, id(1)), answered(3, id(9)), word(4, SHOPPER), word(5, MERCHANT), answered(6, id(1), STRANGER), word(7, STRANGER)])
    const thread = await journal.messagesOf(orderKey('order-1'))
    expect(thread.ok && thread.value.map(message => message.id).sort()).toEqual([id(1), id(2), id(4), id(5)])
    // Lines of one cart: whichever is asked for, all come, and what was answered to any of them.
    await journal.appendAll([line(11), line(12), { ...answered(13, id(12)), receiver: throwAway(12) }])
    const cart = await journal.messagesOf(`${throwAway(11)}:${MERCHANT}:order-1` as OrderKey)
    expect(cart.ok && cart.value.map(message => message.id)).toEqual(expect.arrayContaining([id(11), id(12), id(13)]))
    journal.close()
  })

  test('a delivery that a relay took is no longer waiting, and stays delivered', async () => {
    const journal = await open()
    const message = placed(1)
    const waiting = delivery(message)
    await journal.append(message, [waiting])
    let told = 0
    journal.onDeliveries(() => told++)
    await settle()
    await journal.saveDelivery({ ...waiting, attempts: 1, deliveredAt: 2000 as Seconds })
    expect(await journal.undelivered()).toEqual([])
    expect(told).toBe(1)
    // T13: another tab that did not know yet.
    await journal.saveDelivery({ ...waiting, attempts: 2 })
    expect(await journal.undelivered()).toEqual([])
    expect((await journal.deliveriesOf(orderKey('order-1'))).map(one => one.deliveredAt)).toEqual([2000])
    journal.close()
  })

  test('T1: a message signed anew takes the place of the former, deliveries and all', async () => {
    const journal = await open()
    const former = placed(1)
    const anew = placed(2)
    await journal.append(former, [delivery(former)])
    const follower = await kept(journal)
    expect(await journal.append(anew, [delivery(anew)], former.id)).toEqual({ ok: true, value: { added: true } })
    await settle()
    expect(follower.news.map(entry => [entry.message.id, entry.replaces])).toEqual([[id(2), id(1)]])
    expect((await journal.undelivered()).map(one => one.message)).toEqual([id(2)])
    expect((await kept(journal)).ids()).toEqual([id(2)])
    // A tab that comes late with a third signature changes nothing.
    expect(await journal.append(placed(3), [delivery(placed(3))], former.id)).toEqual({ ok: true, value: { added: false } })
    expect((await journal.undelivered()).map(one => one.message)).toEqual([id(2)])
    journal.close()
  })

  test('T1: what a relay already took is not replaced', async () => {
    const journal = await open()
    const former = placed(1)
    await journal.append(former, [delivery(former, 'order-1', { deliveredAt: 2000 as Seconds })])
    expect(await journal.append(placed(2), [delivery(placed(2))], former.id)).toEqual({ ok: true, value: { added: false } })
    expect((await kept(journal)).ids()).toEqual([id(1)])
    journal.close()
  })

  test('gift wraps are remembered with the time that they bear; those of which it is not known are only had', async () => {
    const journal = await open()
    await journal.noteCarriers([{ id: id(7), at: 2000 as Seconds, spoilt: '', stamp: 1500 as Seconds }, { id: id(8), at: 2000 as Seconds, spoilt: 'seal-sig' }])
    expect(await journal.carriers()).toEqual([{ id: id(7), at: 1500 }])
    expect(await journal.has([id(7), id(8), id(9)])).toEqual(new Set([id(7), id(8)]))
    journal.close()
  })

  test('one leads, and when it ends the next one does', async () => {
    const journal = await open()
    const first = new AbortController()
    const second = new AbortController()
    const leaders: string[] = []
    journal.lead(first.signal, () => leaders.push('first'))
    journal.lead(second.signal, () => leaders.push('second'))
    await settle()
    expect(leaders).toEqual(['first'])
    first.abort()
    await vi.waitFor(() => expect(leaders).toEqual(['first', 'second']), 4000)
    second.abort()
    journal.close()
  })

  test('after close nothing is kept silently', async () => {
    const journal = await open()
    journal.close()
    expect(await journal.append(placed(1))).toEqual({ ok: false, error: { code: 'storage-locked' } })
  })
}
