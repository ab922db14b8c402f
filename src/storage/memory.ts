/** All doors of storage in memory: private mode, and tests (T12). */
import type { Seconds } from '../domain/brand'
import type { Result } from '../domain/result'
import type { Accounts } from '../ports/accounts'
import type { Clock } from '../ports/clock'
import type { Signer, SignerError } from '../ports/signer'
import type { Snapshots } from '../ports/snapshots'
import { createAccounts } from './accounts'
import { memoryDeviceKeys } from './device-keys'
import { inlineKeyMaths } from './key-maths-inline'
import { memoryKeyValue } from './key-value'
import type { DeviceText } from './key-value'
import { createLocalSnapshots } from './local-snapshots'

export { createMemoryJournal } from './memory-journal'
export { createMemoryListings } from './memory-listings'
export { memoryVault } from './vault'

const inMemory = (): DeviceText => ({ store: memoryKeyValue(), persistent: false })

export const createMemorySnapshots = (now: () => Seconds): Snapshots =>
  createLocalSnapshots(inMemory(), inMemory(), now, () => () => undefined)

export interface MemoryAccountsOptions {
  readonly clock: Clock
  readonly createLocalSigner: (secret: Uint8Array, kind: 'local' | 'guest') => Signer
  readonly connectExtension?: () => Promise<Result<Signer, SignerError>>
}

/** Weak scrypt (2^4): nothing of it ever rests. */
export function createMemoryAccounts({ clock, createLocalSigner, connectExtension }: MemoryAccountsOptions): Accounts {
  const none = async (): Promise<Result<Signer, SignerError>> => ({ ok: false, error: { code: 'unavailable' } })
  return createAccounts({
    device: inMemory(), tab: inMemory(), keys: memoryDeviceKeys(), maths: inlineKeyMaths(), clock, createLocalSigner,
    connectExtension: connectExtension ?? none, logN: 4,
  })
}

