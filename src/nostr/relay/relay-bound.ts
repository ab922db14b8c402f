import type { RelayUrl } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { RelayLink } from './relay-link-shape'

/** How many connections there are at one time: whoever names relays to us decides no more than which (T20). */
export interface Bound {
  /** true: this relay may be connected to. Ends idle connections for it, and waits a while where all are in use. */
  room(link: RelayLink, signal?: AbortSignal): Promise<boolean>
}

/** What a person chose is ten relays, and a few more of wallets and a signer; they are listened to for good, and never wait. */
export const MOST_CONNECTIONS = 24
const LOOK_MS = 500
const MOST_LOOKS = 30

export function keepRoom(links: ReadonlyMap<RelayUrl, RelayLink>, clock: Clock): Bound {
  /** Let in, and not connected yet. */
  const entering = new Set<RelayLink>()
  const isOff = (link: RelayLink): boolean => link.status().state === 'closed' && !entering.has(link)

  function makeRoom(): boolean {
    const busy = [...links.values()].filter(link => !isOff(link))
    if (busy.length < MOST_CONNECTIONS)
      return true
    const idle = busy.find(link => !entering.has(link) && link.isIdle())
    idle?.rest()
    return idle !== undefined
  }

  return {
    async room(link, signal) {
      for (let looks = 0; looks < MOST_LOOKS && signal?.aborted !== true; looks++) {
        if (!isOff(link))
          return true
        if (makeRoom()) {
          entering.add(link)
          // Whoever asked goes on at once; by then it connects.
          queueMicrotask(() => setTimeout(() => entering.delete(link), 0))
          return true
        }
        await clock.sleep(LOOK_MS, signal)
      }
      return signal?.aborted === true || !isOff(link)
    },
  }
}
