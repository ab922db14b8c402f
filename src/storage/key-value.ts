/** The part of Web Storage that is used: localStorage, sessionStorage, or a map in memory where both are switched off. */
export interface KeyValue {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  /** @throws DOMException QuotaExceededError when there is no room. */
  setItem(key: string, text: string): void
  removeItem(key: string): void
}

export interface DeviceText { readonly store: KeyValue, readonly persistent: boolean }

/** Everything that begins with this is ours. */
export const OURS = 'souk:'

/** Web Storage in memory: private mode, tests. */
export function memoryKeyValue(quotaUnits = Number.POSITIVE_INFINITY): KeyValue {
  const texts = new Map<string, string>()
  const used = () => [...texts].reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  return {
    get length() { return texts.size },
    key: index => [...texts.keys()][index] ?? null,
    getItem: key => texts.get(key) ?? null,
    setItem(key, text) {
      const before = texts.get(key)
      const freed = before === undefined ? 0 : key.length + before.length
      if (Number.isFinite(quotaUnits) && used() - freed + key.length + text.length > quotaUnits)
        throw new DOMException('no room', 'QuotaExceededError')
      texts.set(key, text)
    },
    removeItem: (key) => { texts.delete(key) },
  }
}

/** Reading `window.localStorage` may throw by itself (cookies blocked), and writing may (private mode): both are tried. */
function usable(pick: () => KeyValue | undefined): KeyValue | null {
  try {
    const store = pick()
    if (!store)
      return null
    const probe = `${OURS}probe`
    store.setItem(probe, '1')
    store.removeItem(probe)
    return store
  }
  catch (thrown) {
    // Full is not switched off: what is there can be read, and room may be made.
    return isQuota(thrown) ? pick() ?? null : null
  }
}

const orMemory = (store: KeyValue | null): DeviceText =>
  store ? { store, persistent: true } : { store: memoryKeyValue(), persistent: false }

/** This browser's localStorage, or memory where it is switched off (T12). */
export const deviceText = (): DeviceText => orMemory(usable(() => globalThis.localStorage))
/** This tab's sessionStorage, or memory. */
export const tabText = (): DeviceText => orMemory(usable(() => globalThis.sessionStorage))

export function isQuota(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'QuotaExceededError' || thrown.name === 'NS_ERROR_DOM_QUOTA_REACHED')
}

export function keysOf(store: KeyValue, prefix: string): string[] {
  const keys: string[] = []
  for (let index = 0; index < store.length; index++) {
    const key = store.key(index)
    if (key?.startsWith(prefix))
      keys.push(key)
  }
  return keys
}
