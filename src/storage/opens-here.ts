import * as v from 'valibot'
import type { Hex32, Pubkey, RelayUrl } from '../domain/brand'
import { isHex32, isPubkey } from '../domain/brand'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'
import type { RemoteConnection } from '../ports/remote-signer'
import { accountPrefix } from './account-names'
import { fromBase64, toBase64 } from './base64'
import type { DeviceKeys } from './device-keys'
import type { KeyValue } from './key-value'
import { OURS } from './key-value'
import { splitSecret } from './split-secret'
import type { Seconds } from '../domain/brand'

const Key = v.pipe(v.string(), v.transform(fromBase64), v.custom<Uint8Array<ArrayBuffer>>(bytes => bytes instanceof Uint8Array && bytes.length === 32))
const Kept = v.object({
  v: v.literal(1),
  vault: Key,
  remote: v.nullable(v.object({
    client: v.custom<Hex32>(isHex32),
    remote: v.custom<Pubkey>(isPubkey),
    relays: v.pipe(v.array(v.custom<RelayUrl>(url => typeof url === 'string' && normalizeRelayUrl(url) === url)), v.minLength(1), v.maxLength(5)),
  })),
})

export interface OpensHere { readonly vaultKey: Uint8Array<ArrayBuffer>, readonly connection: RemoteConnection | null }

/**
 * What opens an account on this device while its signer is elsewhere or asleep: its vault key, and with a remote signer our
 * key towards it. In two halves, like a guest's key, without a lock time (docs/decisions/0011).
 */
export function opensHere(store: KeyValue, keys: DeviceKeys, now: () => Seconds) {
  const halvesOf = (pubkey: Pubkey) => splitSecret(store, `${OURS}${accountPrefix(pubkey)}:here`, 'here', keys, now)
  return {
    drop: (pubkey: Pubkey): Promise<void> => halvesOf(pubkey).drop(),
    /** False: this browser cannot keep it; the signer will be asked at each load. */
    async keep(pubkey: Pubkey, vaultKey: Uint8Array, connection: RemoteConnection | null): Promise<boolean> {
      const remote = connection && { client: connection.client, remote: connection.remote, relays: connection.relays }
      const text = new TextEncoder().encode(JSON.stringify({ v: 1, vault: toBase64(vaultKey), remote }))
      const kept = await halvesOf(pubkey).keep(pubkey, text, null)
      text.fill(0)
      return kept
    },
    async open(pubkey: Pubkey): Promise<OpensHere | null> {
      const text = await halvesOf(pubkey).open(pubkey)
      const kept = text && v.safeParse(v.pipe(v.string(), v.parseJson(), Kept), new TextDecoder().decode(text))
      text?.fill(0)
      if (!kept?.success)
        return null
      const { vault, remote } = kept.output
      return { vaultKey: vault, connection: remote && { ...remote, pubkey } }
    },
  }
}
