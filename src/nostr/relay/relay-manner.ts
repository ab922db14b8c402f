import type { RelayUrl } from '../../domain/brand'
import type { Filter } from '../../domain/protocol/event'
import type { RelayInfo } from '../../domain/protocol/relay-info'
import type { FetchInfo } from './relay-document'

/** What one relay says it takes (NIP-11), kept to from the moment it is known. */
export interface RelayManner {
  readonly info: RelayInfo | null
  /** Asks once; after a failure once more, at the next connection. */
  learn(): void
  /** What it said, when it has; null: nothing. */
  known(): Promise<RelayInfo | null>
  /** No more than it gives at once. */
  clamp(filters: readonly Filter[]): readonly Filter[]
  tooLong(text: string): boolean
  /** Whether one more question may be open. @param open those that are @param lasting stays open: one place is left for those that end */
  room(open: number, lasting: boolean): boolean
}

const MOST_TRIES = 2

export function learnManner(url: RelayUrl, fetchInfo: FetchInfo, onKnown: () => void): RelayManner {
  let info: RelayInfo | null = null
  let tries = 0
  let asking: Promise<RelayInfo | null> | null = null
  return {
    get info() { return info },
    learn() {
      if (info !== null || asking !== null || tries >= MOST_TRIES)
        return
      tries++
      asking = fetchInfo(url).then((said) => {
        asking = null
        info = said
        if (said !== null)
          onKnown()
        return said
      })
    },
    known: () => asking ?? Promise.resolve(info),
    clamp(filters) {
      const most = info?.maxLimit ?? null
      return most === null ? filters : filters.map(filter => filter.limit !== undefined && filter.limit > most ? { ...filter, limit: most } : filter)
    },
    // Bytes count there: a character of another script is several.
    tooLong(text) {
      const most = info?.maxMessageLength ?? Number.POSITIVE_INFINITY
      return text.length > most || (text.length * 3 > most && new TextEncoder().encode(text).length > most)
    },
    room: (open, lasting) => open < (info?.maxSubscriptions ?? Number.POSITIVE_INFINITY) - (lasting ? 1 : 0),
  }
}
