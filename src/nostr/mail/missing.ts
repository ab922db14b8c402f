import type { EventId, RelayUrl } from '../../domain/brand'
import { isEventId } from '../../domain/brand'
import type { Filter } from '../../domain/protocol/event'
import type { KnownEvent, Relays } from '../../ports/relays'

interface Parts {
  readonly port: Pick<Relays, 'missing'>
  readonly relay: RelayUrl
  readonly filter: Filter
  readonly held: () => Promise<readonly KnownEvent[]>
  readonly known: (ids: readonly EventId[]) => Promise<ReadonlySet<EventId>>
  readonly signal: AbortSignal
  readonly fetch: (filters: readonly Filter[]) => ReturnType<Relays['fetchAll']>
}

/** As many ids as every relay takes in one question. */
const IDS = 200
/** Beyond that, comparing costs this page more than reading the last weeks. */
const MOST_HELD = 50_000
const MOST_MISSING = 5_000

/** Fetches what one relay has and this device has not, by comparing ids (NIP-77). false: read it by time instead. */
export async function fetchMissing({ port, relay, filter, held, known, signal, fetch }: Parts): Promise<boolean> {
  if (port.missing === undefined)
    return false
  const here = await held()
  // Without anything here the comparison is the whole list: pages are as good.
  if (here.length === 0 || here.length > MOST_HELD || signal.aborted)
    return false
  const named = (await port.missing({ relay, filter, known: here, signal }))?.filter(isEventId) ?? null
  if (named === null || signal.aborted)
    return false
  const had = await known(named)
  const missing = named.filter(id => !had.has(id))
  if (missing.length > MOST_MISSING)
    return false
  for (let at = 0; at < missing.length; at += IDS) {
    const answer = await fetch([{ ...filter, ids: missing.slice(at, at + IDS) }])
    if (answer.complete.length === 0)
      return false
  }
  return true
}
