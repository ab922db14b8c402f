import { shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import * as v from 'valibot'
import type { Pubkey } from '../domain/brand'
import { err, ok, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import type { Snapshots, Vault } from '../ports/snapshots'

/** What snapshot keys of an account begin with; forgetting the account finds them by it (T15). */
export const accountKey = (pubkey: Pubkey, name: string): string => `${pubkey.slice(0, 16)}:${name}`

export interface PersistedOptions<T> {
  readonly snapshots: Snapshots
  readonly key: string
  readonly version: number
  /** Whatever rests on the device is read through it; what does not fit is set aside (T12). */
  readonly schema: v.GenericSchema<unknown, T>
  readonly initial: T
}

export interface Persisted<T> {
  readonly value: Readonly<ShallowRef<T>>
  /** Why the last read or write did not reach the device; the value in memory holds all the same (T12). */
  readonly problem: Readonly<ShallowRef<StorageError | null>>
  /** Applies a change to what rests on the device now, so that two tabs never undo each other's changes (T13). */
  change(next: (current: T) => T): T
  dispose(): void
}

/** A ref kept as a snapshot, open on the device: nothing private in it. Follows other tabs. */
export function persisted<T>({ snapshots, key, version, schema, initial }: PersistedOptions<T>): Persisted<T> {
  const problem = shallowRef<StorageError | null>(null)
  const value = shallowRef(read() ?? initial)
  const end = snapshots.onChange((changed) => {
    if (changed === key)
      value.value = read() ?? initial
  })

  /** undefined: nothing usable there. */
  function read(): T | undefined {
    const found = snapshots.read(key)
    const parsed = found.ok ? parseSnapshot(found.value, version, schema) : found
    if (parsed.ok)
      return parsed.value
    problem.value = parsed.error
    if (parsed.error.code === 'storage-corrupt')
      snapshots.quarantine(key, 'unreadable')
    return undefined
  }

  function change(next: (current: T) => T): T {
    // While the device does not take our writes, memory is ahead of it.
    const changed = next(problem.value === null ? read() ?? value.value : value.value)
    value.value = changed
    const written = snapshots.write(key, version, changed)
    problem.value = written.ok ? null : written.error
    return changed
  }

  return { value: shallowReadonly(value), problem: shallowReadonly(problem), change, dispose: end }
}

/** undefined = nothing there. A newer version is refused, never guessed at. */
function parseSnapshot<T>(found: { readonly version: number, readonly value: unknown } | null, version: number, schema: v.GenericSchema<unknown, T>): Result<T | undefined, StorageError> {
  if (found === null)
    return ok(undefined)
  if (found.version > version)
    return err({ code: 'storage-newer' })
  const parsed = v.safeParse(schema, found.value)
  return parsed.success ? ok(parsed.output) : err({ code: 'storage-corrupt' })
}

export type SealedOptions<T> = Omit<PersistedOptions<T>, 'initial'> & { readonly vault: Vault }

/** A private snapshot (T14). undefined = nothing there; what cannot be read is set aside. */
export async function readSealed<T>({ snapshots, key, version, schema, vault }: SealedOptions<T>): Promise<Result<T | undefined, StorageError>> {
  const found = await snapshots.readSealed(key, vault)
  const parsed = found.ok ? parseSnapshot(found.value, version, schema) : found
  if (!parsed.ok && parsed.error.code === 'storage-corrupt')
    snapshots.quarantine(key, 'unreadable')
  return parsed
}
