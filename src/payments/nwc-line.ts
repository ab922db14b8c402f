import type { RelayUrl } from '../domain/brand'
import type { RelayStatus, Relays } from '../ports/relays'
import type { Hint } from './lnbits-push'

/** Tells when the wallet's relays go and come: notifications of the time between are lost, so everything open is looked up. */
export function watchLine(relays: Relays, urls: readonly RelayUrl[], listener: (hint: Hint) => void): () => void {
  let online: boolean | null = null
  const lost = new Set<RelayUrl>()
  const known = new Set<RelayUrl>()
  const look = (statuses: readonly RelayStatus[]) => {
    const ours = statuses.filter(status => urls.includes(status.url))
    let gap = false
    for (const { url, state } of ours) {
      if (state === 'open') {
        gap ||= lost.delete(url)
        known.add(url)
      }
      else if (known.has(url)) {
        lost.add(url)
      }
    }
    const open = ours.some(status => status.state === 'open')
    if (open !== online && (open || online !== null))
      listener({ type: open ? 'online' : 'offline' })
    online = open
    if (gap)
      listener({ type: 'gap' })
  }
  look(relays.statuses())
  return relays.onStatus(look)
}
