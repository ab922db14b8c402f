import { err, type Result } from '../domain/result'

/** The program of an act did not come: nothing was begun. */
export const notLoaded = { code: 'not-loaded' } as const

/**
 * A flow whose program comes when it is first run: a page that only shows an order does not wait for it.
 * Where it cannot be fetched nothing has happened, and the next try fetches anew.
 */
export function lazyFlow<A extends readonly unknown[], T, E>(load: () => Promise<(...args: A) => Promise<Result<T, E>>>): (...args: A) => Promise<Result<T, E | typeof notLoaded>> {
  return async (...args) => {
    const flow = await load().catch(() => null)
    return flow === null ? err(notLoaded) : flow(...args)
  }
}
