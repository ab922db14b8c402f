import { toValue, type MaybeRefOrGetter } from 'vue'
import { useServices } from '../stores/services'

export interface Draft<T> {
  /** What this tab kept before it was loaded anew; null = nothing. */
  read(): Promise<T | null>
  /** Keeps what is typed now, or nothing. */
  keep(): void
  drop(): void
  /** All drafts of that sort in this tab. */
  dropAll(prefix: string): void
}

/** Text that outlives a reload, and ends with its tab; only ciphertext rests (T14). */
export function useDraft<T>(name: MaybeRefOrGetter<string>, parse: (value: unknown) => T, typed: () => object | null): Draft<T> {
  const { snapshots, tabVault } = useServices()
  let writing: Promise<unknown> = Promise.resolve()
  const keyOf = (): string => `session:${toValue(name)}`

  /** One after the other: an older text must not land on a newer one. */
  function keep(): void {
    const key = keyOf()
    writing = writing.then(async () => {
      const value = typed()
      const vault = await tabVault()
      if (value === null || vault === null)
        snapshots.remove(key)
      else
        await snapshots.writeSealed(key, 1, value, vault)
    })
  }

  return {
    async read() {
      const vault = await tabVault()
      const kept = vault === null ? null : await snapshots.readSealed(keyOf(), vault)
      return kept?.ok === true && kept.value !== null ? parse(kept.value.value) : null
    },
    keep,
    drop() {
      const key = keyOf()
      writing = writing.then(() => snapshots.remove(key))
    },
    dropAll(prefix) {
      writing = writing.then(() => snapshots.removeAll(`session:${prefix}`))
    },
  }
}
