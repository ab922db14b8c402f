import * as v from 'valibot'
import type { RelayUrl } from '../domain/brand'
import { limits } from '../domain/limits'
import type { RelayChoice, RelayUse } from '../domain/protocol/own-relay-lists'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'

const Url = v.custom<RelayUrl>(value => typeof value === 'string' && normalizeRelayUrl(value) === value)
/** As it rests on the device. */
export const RelayUses = v.array(v.tuple([Url, v.object({ read: v.boolean(), write: v.boolean(), inbox: v.boolean() })]))

/**
 * What each relay is used for. Nobody has to choose: all carry listings both ways, and private messages arrive at the first
 * few that the app came with. A purpose that no relay is left for falls to all of them, or to the first few.
 */
export function effectiveUse(relays: readonly RelayUrl[], chosen: ReadonlyMap<RelayUrl, RelayUse>, defaults: readonly RelayUrl[]): readonly RelayChoice[] {
  const firstFew = defaults.slice(0, limits.inboxRelays)
  const plain = relays.map((url): RelayChoice => ({ url, use: chosen.get(url) ?? { read: true, write: true, inbox: firstFew.includes(url) } }))
  const lacks = (which: keyof RelayUse): boolean => !plain.some(({ use }) => use[which])
  const [noRead, noWrite, noInbox] = [lacks('read'), lacks('write'), lacks('inbox')]
  return plain.map(({ url, use }, place) => ({ url, use: { read: use.read || noRead, write: use.write || noWrite, inbox: use.inbox || (noInbox && place < limits.inboxRelays) } }))
}
