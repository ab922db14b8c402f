import type { Seconds } from '../domain/brand'
import type { Vault } from '../ports/snapshots'
import type { DeviceKeys } from './device-keys'
import { newDeviceKey } from './device-keys'
import { vaultOf } from './vault'

const NAME = 'session:drafts'

/**
 * Seals what a tab keeps over a reload before anybody signed in: ciphertext in sessionStorage, and a key that cannot be read
 * out in IndexedDB (T14). null where such a key cannot be kept: then nothing may rest.
 */
export function tabVaults(keys: DeviceKeys, now: () => Seconds): () => Promise<Vault | null> {
  let opening: Promise<Vault | null> | null = null

  async function open(): Promise<Vault | null> {
    const known = await keys.get(NAME)
    if (known !== null)
      return vaultOf(known)
    const fresh = await newDeviceKey()
    return await keys.put(NAME, fresh, now()) ? vaultOf(fresh) : null
  }

  return () => opening ??= open()
}
