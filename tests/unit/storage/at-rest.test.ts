import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { beforeEach, expect, test, vi } from 'vitest'
import type { OpenAccount } from '../../../src/ports/accounts'
import type { RemoteSigner } from '../../../src/ports/remote-signer'
import { openJournal } from '../../../src/storage/journal-db'
import type { KeyValue } from '../../../src/storage/key-value'
import { keysOf } from '../../../src/storage/key-value'
import { createLocalSnapshots } from '../../../src/storage/local-snapshots'
import { memoryDeviceKeys } from '../../../src/storage/device-keys'
import { WORDS } from '../contracts/accounts.contract'
import { ADDRESS, PHONE, answered, delivery, placed } from './messages'
import { accountsStage } from './stage'

const PASS = 'correct horse battery'
const SECRET = '7f7ff03d123792d6ac594bfa67bf6d0c0ab55b6b1fdb6249303fe861f1ccba9a'
const WALLET = `nostr+walletconnect://${'ab'.repeat(32)}?relay=wss%3A%2F%2Fr&secret=${'cd'.repeat(32)}`

beforeEach(() => { globalThis.indexedDB = new IDBFactory() })

/** All that lies in a store of text and in every database, as one text; bytes as hex and as base64 too. */
async function dump(...stores: KeyValue[]): Promise<string> {
  const texts = stores.flatMap(store => keysOf(store, '').map(key => `${key} ${store.getItem(key) ?? ''}`))
  for (const { name } of await indexedDB.databases()) {
    const db = await openDB(name ?? '')
    for (const store of db.objectStoreNames) {
      const [keys, values] = [await db.getAllKeys(store), await db.getAll(store)]
      texts.push(`${name} ${store} ${JSON.stringify(keys)}`, ...values.map(value => JSON.stringify(value)))
    }
    db.close()
  }
  return texts.join('\n')
}

/** A whole use of the app by one account. */
async function live(stage: ReturnType<typeof accountsStage>, account: OpenAccount): Promise<void> {
  const { vault, record } = account
  const journal = openJournal({ account: record.pubkey, vault, now: stage.clock.now })
  const order = placed(1)
  await journal.append(order, [delivery(order)])
  await journal.appendAll([answered(2)])
  await journal.append(placed(3, 'anew'), [delivery(placed(3, 'anew'), 'anew')], order.id)
  journal.close()
  const snapshots = createLocalSnapshots(stage.device, stage.tab, stage.clock.now, () => () => undefined)
  const prefix = record.pubkey.slice(0, 16)
  await snapshots.writeSealed(`${prefix}:orders`, 1, [placed(1)], vault)
  await snapshots.writeSealed(`${prefix}:wallet`, 1, { uri: WALLET }, vault)
  await snapshots.writeSealed(`session:${prefix}:checkout`, 1, { address: ADDRESS }, vault)
  snapshots.quarantine(`${prefix}:orders`, 'schema')
}

const secrets = (more: readonly string[] = []) => [ADDRESS, 'Hidden Lane', 'Jane Doe', 'ring twice', PHONE, 'thank you', WALLET, 'cd'.repeat(32), PASS, ...more]

function expectNothingOf(text: string, words: readonly string[]): void {
  for (const word of words) {
    for (const form of [word, Buffer.from(word).toString('hex'), Buffer.from(word).toString('base64').replace(/=+$/, '')])
      expect(text.includes(form), `found at rest: ${word}`).toBe(false)
  }
}

test('T14 T16: a device copied after use gives no secret, address or message away', async () => {
  const stage = accountsStage(memoryDeviceKeys())
  const opened = await stage.accounts.keepKey(WORDS, PASS, 'Me', true)
  if (!opened.ok)
    throw new Error(opened.error.code)
  await live(stage, opened.value)
  const text = await dump(stage.device.store, stage.tab.store)
  // It is the right dump: what is meant to be there is.
  expect(text).toContain('ncryptsec1')
  expect(text).toContain('souk-journal-')
  const bytes = Buffer.from(SECRET, 'hex')
  expectNothingOf(text, secrets([WORDS, SECRET, bytes.toString('base64'), 'nsec1']))
})

test('T14 T16: neither does one whose key is in a remote signer: not where it is, nor our key towards it', async () => {
  const stage = accountsStage(memoryDeviceKeys())
  const opened = await stage.accounts.signInWithBunker(stage.remote.bunker, { signal: new AbortController().signal, onLink: () => undefined })
  if (!opened.ok)
    throw new Error(opened.error.code)
  await live(stage, opened.value)
  const text = await dump(stage.device.store, stage.tab.store)
  expect(text).toContain(':here')
  const { client } = (opened.value.signer as RemoteSigner).connection()
  expectNothingOf(text, secrets([client, Buffer.from(client, 'hex').toString('base64'), stage.remote.remote, 'sesame', '127.0.0.1']))
})

test('T14: neither does a guest\'s, by its text alone', async () => {
  const stage = accountsStage(memoryDeviceKeys())
  const opened = await stage.accounts.newGuest({ secret: SECRET, label: '' })
  if (!opened.ok)
    throw new Error(opened.error.code)
  await live(stage, opened.value)
  expectNothingOf(await dump(stage.device.store, stage.tab.store), secrets([SECRET, Buffer.from(SECRET, 'hex').toString('base64')]))
})

test('T15: forgetting an account leaves nothing of it, and all of the other', async () => {
  const stage = accountsStage(memoryDeviceKeys())
  const other = await stage.accounts.newGuest()
  const mine = await stage.accounts.keepKey(WORDS, PASS, 'Me', true)
  if (!mine.ok || !other.ok)
    throw new Error('no account')
  const { pubkey } = mine.value.record
  await live(stage, mine.value)
  await stage.accounts.forget(pubkey)
  const text = await dump(stage.device.store, stage.tab.store)
  expect(text).not.toContain(pubkey.slice(0, 12))
  expect(await indexedDB.databases()).toEqual([])
  expect(text).toContain(other.value.record.pubkey)
  expect((await stage.newTab().list()).map(record => record.pubkey)).toEqual([other.value.record.pubkey])
})

test('T15: forgetting the last account in another tab leaves this tab with nothing', async () => {
  const keys = memoryDeviceKeys()
  const stage = accountsStage(keys)
  const mine = await stage.accounts.keepKey(WORDS, PASS, 'Me', true)
  let locked = 0
  stage.accounts.onLock(() => locked++)
  await stage.newTab().forget(mine.ok ? mine.value.record.pubkey : '' as never)
  await vi.waitFor(() => expect(locked).toBe(1))
  expect(await dump(stage.device.store, stage.tab.store)).toBe('')
})
