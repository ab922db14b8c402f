import { expect, test } from 'vitest'
import type { Snapshots } from '../../../src/ports/snapshots'
import { memoryVault } from '../../../src/storage/vault'
import { ADDRESS } from '../storage/messages'

/** What every Snapshots promises. */
export function snapshotsContract(open: () => Snapshots): void {
  test('gives back what was written, with its version', () => {
    const snapshots = open()
    expect(snapshots.read('cart')).toEqual({ ok: true, value: null })
    expect(snapshots.write('cart', 2, { lines: [1, 2] })).toEqual({ ok: true, value: undefined })
    expect(snapshots.read('cart')).toEqual({ ok: true, value: { version: 2, value: { lines: [1, 2] } } })
    snapshots.remove('cart')
    expect(snapshots.read('cart')).toEqual({ ok: true, value: null })
  })

  test('T14: what is sealed opens with its vault only', async () => {
    const snapshots = open()
    const [vault, other] = [await memoryVault(), await memoryVault()]
    await snapshots.writeSealed('orders', 1, { address: ADDRESS }, vault)
    expect(snapshots.read('orders')).toEqual({ ok: false, error: { code: 'storage-locked' } })
    expect(await snapshots.readSealed('orders', other)).toEqual({ ok: false, error: { code: 'storage-corrupt' } })
    expect(await snapshots.readSealed('orders', vault)).toEqual({ ok: true, value: { version: 1, value: { address: ADDRESS } } })
    vault.close()
    expect(await snapshots.readSealed('orders', vault)).toEqual({ ok: false, error: { code: 'storage-locked' } })
    expect(await snapshots.writeSealed('orders', 1, {}, vault)).toEqual({ ok: false, error: { code: 'storage-locked' } })
  })

  test('T12: what a newer program wrote is not overwritten', () => {
    const snapshots = open()
    snapshots.write('cart', 9, 'newer')
    expect(snapshots.write('cart', 1, 'older')).toEqual({ ok: false, error: { code: 'storage-newer' } })
    expect(snapshots.read('cart')).toEqual({ ok: true, value: { version: 9, value: 'newer' } })
  })

  test('T12: what the own vault cannot open is set aside before anything is written over it', async () => {
    const snapshots = open()
    const vault = await memoryVault()
    await snapshots.writeSealed('orders', 1, 'precious', await memoryVault())
    await snapshots.readSealed('orders', vault)
    expect((await snapshots.writeSealed('orders', 1, 'new', vault)).ok).toBe(true)
    expect(snapshots.usage().quarantined).toHaveLength(1)
    expect(await snapshots.readSealed('orders', vault)).toEqual({ ok: true, value: { version: 1, value: 'new' } })
  })

  test('quarantine keeps a copy and frees the key', () => {
    const snapshots = open()
    snapshots.write('cart', 1, 'odd')
    snapshots.quarantine('cart', 'schema')
    expect(snapshots.read('cart')).toEqual({ ok: true, value: null })
    expect(snapshots.usage().quarantined[0]).toMatch(/^cart:\d+:schema$/)
  })

  test('T12: two megabytes in all, and beyond that it says so', () => {
    const snapshots = open()
    expect(snapshots.write('a', 1, 'x'.repeat(1_500_000)).ok).toBe(true)
    expect(snapshots.write('b', 1, 'x'.repeat(700_000))).toEqual({ ok: false, error: { code: 'storage-full' } })
    expect(snapshots.write('a', 1, 'x'.repeat(2_000_000)).ok).toBe(true)
    expect(snapshots.usage().bytes).toBeLessThan(2 * 1024 * 1024)
  })

  test('T15: everything under a prefix goes, and nothing else', () => {
    const snapshots = open()
    snapshots.write('aaaa:orders', 1, 1)
    snapshots.write('aaaa:wallet', 1, 1)
    snapshots.write('session:aaaa', 1, 1)
    snapshots.write('bbbb:orders', 1, 1)
    snapshots.removeAll('aaaa:')
    snapshots.removeAll('session:')
    expect(['aaaa:orders', 'aaaa:wallet', 'session:aaaa', 'bbbb:orders'].map(key => snapshots.read(key).ok && snapshots.read(key)))
      .toEqual([{ ok: true, value: null }, { ok: true, value: null }, { ok: true, value: null }, { ok: true, value: { version: 1, value: 1 } }])
  })
}
