import { IDBFactory } from 'fake-indexeddb'
import { afterAll, beforeAll, vi } from 'vitest'

// Files share a thread, so that modules load once; what rests on the device and the clock are each file's own.
beforeAll(() => {
  if ('indexedDB' in globalThis)
    globalThis.indexedDB = new IDBFactory()
})
afterAll(() => {
  vi.useRealTimers()
})
