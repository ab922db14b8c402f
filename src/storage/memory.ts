/** All doors of storage in memory: private mode, and tests (T12). */
import type { Seconds } from '../domain/brand'
import type { Snapshots } from '../ports/snapshots'
import { memoryKeyValue } from './key-value'
import type { DeviceText } from './key-value'
import { createLocalSnapshots } from './local-snapshots'

export { createMemoryJournal } from './memory-journal'
export { createMemoryListings } from './memory-listings'
export { memoryVault } from './vault'

const inMemory = (): DeviceText => ({ store: memoryKeyValue(), persistent: false })

export const createMemorySnapshots = (now: () => Seconds): Snapshots =>
  createLocalSnapshots(inMemory(), inMemory(), now, () => () => undefined)
