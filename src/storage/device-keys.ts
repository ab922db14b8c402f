import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'

/**
 * Keys that page script can use but not read out (non-extractable). Each is one half of something: its ciphertext lies in
 * sessionStorage or localStorage, and neither half is of use alone (docs/decisions/0003).
 */
export interface DeviceKeys {
  get(name: string): Promise<CryptoKey | null>
  put(name: string, key: CryptoKey, at: number): Promise<boolean>
  remove(name: string): Promise<void>
  /** Halves whose other half went with its tab. */
  removeOlder(prefix: string, than: number): Promise<void>
}

export const newDeviceKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])

export function memoryDeviceKeys(): DeviceKeys {
  const kept = new Map<string, { key: CryptoKey, at: number }>()
  return {
    get: async name => kept.get(name)?.key ?? null,
    put: async (name, key, at) => { kept.set(name, { key, at }); return true },
    remove: async (name) => { kept.delete(name) },
    async removeOlder(prefix, than) {
      for (const [name, { at }] of kept)
        if (name.startsWith(prefix) && at < than)
          kept.delete(name)
    },
  }
}

interface KeysSchema extends DBSchema { keys: { key: string, value: { name: string, key: CryptoKey, at: number } } }

export const DEVICE_KEYS_NAME = 'souk-keys'

/** In IndexedDB, the one store that keeps a CryptoKey as it is; in memory where that is switched off. */
export function deviceKeysDb(): DeviceKeys {
  const memory = memoryDeviceKeys()
  let opening: Promise<IDBPDatabase<KeysSchema> | null> | null = null

  async function db(): Promise<IDBPDatabase<KeysSchema> | null> {
    opening ??= typeof indexedDB === 'undefined'
      ? Promise.resolve(null)
      : openDB<KeysSchema>(DEVICE_KEYS_NAME, 1, { upgrade: (fresh) => { fresh.createObjectStore('keys', { keyPath: 'name' }) } })
          .catch(() => null)
    return opening
  }

  return {
    async get(name) {
      const keys = await db()
      return keys ? (await keys.get('keys', name))?.key ?? null : memory.get(name)
    },
    async put(name, key, at) {
      const keys = await db()
      if (!keys)
        return memory.put(name, key, at).then(() => false)
      // Full, or a browser that cannot store a CryptoKey: then there is no second half, and the caller keeps no first one.
      return keys.put('keys', { name, key, at }).then(() => true, () => false)
    },
    async remove(name) {
      await memory.remove(name)
      await (await db())?.delete('keys', name)
    },
    async removeOlder(prefix, than) {
      const keys = await db()
      if (!keys)
        return memory.removeOlder(prefix, than)
      const all = await keys.getAll('keys', IDBKeyRange.bound(prefix, `${prefix}\uffff`))
      for (const { name, at } of all)
        if (at < than)
          await keys.delete('keys', name)
    },
  }
}
