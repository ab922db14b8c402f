import type { RelayUrl } from '../../domain/brand'

/** Which relays were read whole, as far as the page has heard all of it: only then is a listing missing that is not there. */
export interface WholeRelays {
  set(relay: RelayUrl, whole: boolean): void
  /** Nothing waits for the page any more. */
  pageHasAll(): void
  list(): readonly RelayUrl[]
}

export function createWholeRelays(): WholeRelays {
  const read = new Set<RelayUrl>()
  let heard: readonly RelayUrl[] = []
  return {
    set(relay, whole) {
      if (whole) {
        read.add(relay)
        return
      }
      read.delete(relay)
      heard = heard.filter(one => one !== relay)
    },
    pageHasAll() {
      if (heard.length !== read.size)
        heard = [...read]
    },
    list: () => heard,
  }
}
