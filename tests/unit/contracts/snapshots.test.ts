import { describe, expect, test } from 'vitest'
import type { Seconds } from '../../../src/domain/brand'
import { memoryKeyValue } from '../../../src/storage/key-value'
import { createLocalSnapshots } from '../../../src/storage/local-snapshots'
import { createMemorySnapshots } from '../../../src/storage/memory'
import { snapshotsContract } from './snapshots.contract'

const now = () => 9000 as Seconds

/** The browser's own quota: 5 M UTF-16 units. */
const open = (units = 5 * 1024 * 1024) => {
  const store = memoryKeyValue(units)
  const others = new Set<(key: string | null) => void>()
  const snapshots = createLocalSnapshots({ store, persistent: true }, { store: memoryKeyValue(), persistent: true }, now, (listener) => {
    others.add(listener)
    return () => others.delete(listener)
  })
  return { store, snapshots, fromOther: (key: string | null) => others.forEach(listener => listener(key)) }
}

describe('snapshots in memory', () => snapshotsContract(() => createMemorySnapshots(now)))
describe('snapshots in localStorage', () => {
  snapshotsContract(() => open().snapshots)

  test('T12: a text that is no snapshot is said to be corrupt, and kept when the key is written', () => {
    const { store, snapshots } = open()
    store.setItem('souk:cart', '{"v":1,"at":1,"data":[1,2')
    expect(snapshots.read('cart')).toEqual({ ok: false, error: { code: 'storage-corrupt' } })
    expect(snapshots.write('cart', 1, []).ok).toBe(true)
    const [aside] = snapshots.usage().quarantined
    expect(store.getItem(`souk:quarantine:${aside}`)).toBe('{"v":1,"at":1,"data":[1,2')
  })

  test('T12: at the browser\'s quota the former value stays', () => {
    const { snapshots } = open(1000)
    snapshots.write('cart', 1, 'small')
    expect(snapshots.write('cart', 1, 'x'.repeat(2000))).toEqual({ ok: false, error: { code: 'storage-full' } })
    expect(snapshots.read('cart')).toEqual({ ok: true, value: { version: 1, value: 'small' } })
  })

  test('T13: tells what another tab wrote, of ours only, and of a clearing', () => {
    const { snapshots, fromOther } = open()
    const heard: string[] = []
    const end = snapshots.onChange(key => heard.push(key))
    snapshots.write('cart', 1, 1)
    fromOther('souk:orders')
    fromOther('somebody else')
    fromOther(null)
    end()
    fromOther('souk:cart')
    expect(heard).toEqual(['orders', 'cart'])
  })

  test('says whether it lasts', () => {
    expect(open().snapshots.usage().persistent).toBe(true)
    expect(createMemorySnapshots(now).usage().persistent).toBe(false)
  })
})
