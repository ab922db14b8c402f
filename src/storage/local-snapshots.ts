import * as v from 'valibot'
import type { Seconds } from '../domain/brand'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { StorageError } from '../ports/journal'
import type { Snapshots } from '../ports/snapshots'
import type { DeviceText } from './key-value'
import { OURS, isQuota, keysOf } from './key-value'

/** All our keys and texts together, in UTF-16 units: what browsers count against their 5 M quota. */
export const SNAPSHOT_UNITS = 2 * 1024 * 1024
const QUARANTINE = `${OURS}quarantine:`

const Envelope = v.union([
  v.strictObject({ v: v.pipe(v.number(), v.integer(), v.minValue(1)), at: v.number(), data: v.unknown() }),
  v.strictObject({ v: v.pipe(v.number(), v.integer(), v.minValue(1)), at: v.number(), sealed: v.string() }),
])
type Envelope = v.InferOutput<typeof Envelope>
type Written = Result<void, StorageError>

const corrupt = err<StorageError>({ code: 'storage-corrupt' })

function parse(text: string): Result<Envelope, StorageError> {
  try {
    const envelope = v.safeParse(Envelope, JSON.parse(text))
    return envelope.success ? ok(envelope.output) : corrupt
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return corrupt
    throw thrown
  }
}

/** `onOther`: hears of keys that another tab wrote; `null` = everything was cleared. */
export type OtherTabs = (onOther: (key: string | null) => void) => () => void

/** The browser's own `storage` event: it comes in every tab but the one that wrote. */
export const storageEvents: OtherTabs = (onOther) => {
  if (typeof window === 'undefined')
    return () => undefined
  const heard = (event: StorageEvent) => {
    if (event.storageArea !== globalThis.sessionStorage)
      onOther(event.key)
  }
  window.addEventListener('storage', heard)
  return () => window.removeEventListener('storage', heard)
}

/**
 * Snapshots in localStorage, or in memory where there is none (`usage().persistent` false). A key that begins with
 * `session:` rests in sessionStorage and ends with its tab. A text that cannot be read, or that a newer program wrote, is
 * never overwritten: the former is set aside first, the latter refuses the write (T12).
 */
export function createLocalSnapshots(device: DeviceText, session: DeviceText, now: () => Seconds, others: OtherTabs = storageEvents): Snapshots {
  /** Opened in vain with the account's own vault. */
  const unreadable = new Set<string>()
  const known = new Set<string>()
  const storeOf = (key: string) => key.startsWith('session:') ? session.store : device.store

  const unitsOf = (): number => keysOf(device.store, OURS)
    .reduce((sum, key) => sum + key.length + (device.store.getItem(key)?.length ?? 0), 0)

  function quarantine(key: string, reason: string): void {
    const store = storeOf(key)
    const text = store.getItem(OURS + key)
    unreadable.delete(key)
    if (text === null)
      return
    const aside = `${QUARANTINE}${key}:${now()}:${reason.replace(/[^a-z-]/g, '').slice(0, 30)}`
    // Taken away first: both copies together may not fit.
    store.removeItem(OURS + key)
    const placed = place(store, aside, text)
    if (!placed.ok)
      store.setItem(OURS + key, text)
  }

  function place(store: DeviceText['store'], key: string, text: string): Written {
    try {
      store.setItem(key, text)
      return ok(undefined)
    }
    catch (thrown) {
      if (isQuota(thrown))
        return err({ code: 'storage-full' })
      if (thrown instanceof DOMException)
        return err({ code: 'storage-off' })
      throw thrown
    }
  }

  function put(key: string, envelope: Envelope): Written {
    known.add(key)
    const store = storeOf(key)
    const former = store.getItem(OURS + key)
    if (former !== null) {
      const read = parse(former)
      if (read.ok && read.value.v > envelope.v)
        return err({ code: 'storage-newer' })
      if (!read.ok || unreadable.has(key))
        quarantine(key, 'unreadable')
      // Could not be set aside either: then it stays.
      if ((!read.ok || unreadable.has(key)) && store.getItem(OURS + key) !== null)
        return err({ code: 'storage-full' })
    }
    const text = JSON.stringify(envelope)
    const freed = former === null ? 0 : former.length + OURS.length + key.length
    if (store === device.store && unitsOf() - freed + OURS.length + key.length + text.length > SNAPSHOT_UNITS)
      return err({ code: 'storage-full' })
    return place(store, OURS + key, text)
  }

  function get(key: string): Result<Envelope | null, StorageError> {
    known.add(key)
    const text = storeOf(key).getItem(OURS + key)
    return text === null ? ok(null) : parse(text)
  }

  return {
    read(key) {
      const envelope = get(key)
      if (!envelope.ok || envelope.value === null)
        return envelope.ok ? ok(null) : envelope
      return 'sealed' in envelope.value ? err({ code: 'storage-locked' }) : ok({ version: envelope.value.v, value: envelope.value.data })
    },
    write: (key, version, value) => put(key, { v: version, at: now(), data: value }),
    async readSealed(key, vault) {
      const envelope = get(key)
      if (!envelope.ok || envelope.value === null)
        return envelope.ok ? ok(null) : envelope
      if (!('sealed' in envelope.value)) {
        unreadable.add(key)
        return corrupt
      }
      const { v: version, sealed } = envelope.value
      const value = await vault.unseal(sealed)
      if (!value.ok && value.error.code === 'storage-corrupt')
        unreadable.add(key)
      return value.ok ? ok({ version, value: value.value }) : value
    },
    async writeSealed(key, version, value, vault) {
      try {
        return put(key, { v: version, at: now(), sealed: await vault.seal(value) })
      }
      catch (thrown) {
        if (thrown instanceof Error && thrown.message === 'vault is closed')
          return err({ code: 'storage-locked' })
        throw thrown
      }
    },
    quarantine,
    remove: key => storeOf(key).removeItem(OURS + key),
    removeAll(prefix) {
      for (const store of [device.store, session.store])
        for (const key of keysOf(store, OURS + prefix))
          store.removeItem(key)
    },
    onChange: listener => others((key) => {
      if (key === null)
        known.forEach(listener)
      else if (key.startsWith(OURS))
        listener(key.slice(OURS.length))
    }),
    usage: () => ({
      bytes: unitsOf(),
      persistent: device.persistent,
      quarantined: keysOf(device.store, QUARANTINE).map(key => key.slice(QUARANTINE.length)),
    }),
  }
}
