import * as v from 'valibot'
import type { Pubkey, Seconds } from '../domain/brand'
import { isPubkey, isSeconds } from '../domain/brand'
import type { DeviceKeys } from './device-keys'
import { newDeviceKey } from './device-keys'
import type { KeyValue } from './key-value'
import { isQuota } from './key-value'
import { sealBytes, unsealBytes } from './seal'

const Half = v.object({ v: v.literal(1), pubkey: v.custom<Pubkey>(isPubkey), key: v.string(), sealed: v.string(), lockAt: v.nullable(v.custom<Seconds>(isSeconds)) })
type Half = v.InferOutput<typeof Half>

/**
 * A secret in two halves: ciphertext in `store` under `name`, and the key that opens it, which script cannot read out,
 * among the device keys. Without either half there is nothing (docs/decisions/0003).
 */
export function splitSecret(store: KeyValue, name: string, keyPrefix: string, keys: DeviceKeys, now: () => Seconds) {
  function half(): Half | null {
    const text = store.getItem(name)
    if (text === null)
      return null
    try {
      const parsed = v.safeParse(Half, JSON.parse(text))
      return parsed.success ? parsed.output : null
    }
    catch (thrown) {
      if (thrown instanceof SyntaxError)
        return null
      throw thrown
    }
  }

  async function drop(): Promise<void> {
    const former = half()
    store.removeItem(name)
    if (former)
      await keys.remove(former.key)
  }

  return {
    drop,
    /** Only if it is this account's. */
    dropOf: async (pubkey: Pubkey): Promise<void> => half()?.pubkey === pubkey ? drop() : undefined,
    /** False: this browser cannot keep both halves, and so keeps none. */
    async keep(pubkey: Pubkey, secret: Uint8Array<ArrayBuffer>, lockAt: Seconds | null): Promise<boolean> {
      await drop()
      const deviceKey = await newDeviceKey()
      const key = `${keyPrefix}:${crypto.randomUUID()}`
      if (!await keys.put(key, deviceKey, now()))
        return false
      const whole: Half = { v: 1, pubkey, key, sealed: await sealBytes(deviceKey, secret), lockAt }
      try {
        store.setItem(name, JSON.stringify(whole))
        return true
      }
      catch (thrown) {
        await keys.remove(key)
        if (isQuota(thrown))
          return false
        throw thrown
      }
    },
    lockAt: (): Seconds | null => half()?.lockAt ?? null,
    postpone(lockAt: Seconds | null): void {
      const former = half()
      if (former)
        store.setItem(name, JSON.stringify({ ...former, lockAt }))
    },
    /** `null`: nothing kept, its time is over, or a half is missing; then the other half goes too. */
    async open(pubkey: Pubkey): Promise<Uint8Array<ArrayBuffer> | null> {
      const kept = half()
      if (!kept || kept.pubkey !== pubkey)
        return null
      const deviceKey = kept.lockAt !== null && kept.lockAt <= now() ? null : await keys.get(kept.key)
      const secret = deviceKey && await unsealBytes(deviceKey, kept.sealed)
      if (!secret)
        await drop()
      return secret
    },
  }
}
