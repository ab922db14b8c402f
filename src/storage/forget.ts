import { deleteDB } from 'idb'
import type { Pubkey } from '../domain/brand'
import { journalName } from './account-names'
import type { KeyValue } from './key-value'
import { OURS, keysOf } from './key-value'

/** Prefixes shorter than this could name somebody else's account. */
const SHORTEST = 8

/** Journal, vault key, snapshots, quarantined copies: nothing of the account stays on the device (T15). */
export async function forgetEverything(pubkey: Pubkey, ...stores: readonly KeyValue[]): Promise<void> {
  for (const store of stores)
    for (const key of keysOf(store, OURS))
      if (key.split(':').some(part => part.length >= SHORTEST && pubkey.startsWith(part)))
        store.removeItem(key)
  if (typeof indexedDB !== 'undefined')
    await deleteDB(journalName(pubkey))
}
