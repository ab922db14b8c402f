import type { EventId, Seconds } from '../domain/brand'

/** Time and chance, handed in so that tests own them. */
export interface Clock {
  now(): Seconds
  /** Resolves early, never rejects, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** 32 random bytes as hex: order ids, ids of local facts. */
  newId(): EventId
  random(): number
}
