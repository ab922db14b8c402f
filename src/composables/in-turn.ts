import type { OrderKey } from '../domain/brand'

const turns = new Map<OrderKey, Promise<unknown>>()

/** What is said about the money of one order, one after the other in this tab: what the first sent, the second finds. */
export function inTurn<T>(key: OrderKey, work: () => Promise<T>): Promise<T> {
  // One that broke off is no reason for the next not to begin.
  const former = turns.get(key)?.catch(() => undefined) ?? Promise.resolve()
  const mine = former.then(work)
  const done = mine.catch(() => undefined).then(() => {
    if (turns.get(key) === done)
      turns.delete(key)
  })
  turns.set(key, done)
  return mine
}
