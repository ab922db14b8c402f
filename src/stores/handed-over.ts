import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import * as v from 'valibot'
import { isHex32, type Hex32, type OrderKey } from '../domain/brand'
import { splitKey } from '../domain/order/keys'
import { useAccountStore } from './account'
import { accountKey, readSealed } from './persisted'
import { useServices } from './services'

/** `code`: it was on the screen for long enough to be scanned. `taken`: copied, or opened in another wallet. */
export interface HandedOver { readonly order: OrderKey, readonly paymentHash: Hex32, readonly how: 'code' | 'taken' }

/** The newest count; a payment is under way for minutes, not for hundreds of orders. */
const MOST = 50

const Kept: v.GenericSchema<unknown, readonly HandedOver[]> = v.pipe(v.array(v.object({
  order: v.custom<OrderKey>(value => typeof value === 'string' && splitKey(value) !== undefined),
  paymentHash: v.custom<Hex32>(isHex32),
  how: v.picklist(['code', 'taken']),
})), v.maxLength(MOST))

type Change = (now: readonly HandedOver[]) => readonly HandedOver[]

/** Which invoice of an order a wallet outside may have: one for each order, sealed, and known after a reload and in other tabs. */
export const useHandedOverStore = defineStore('handed-over', () => {
  const { snapshots } = useServices()
  const account = useAccountStore()
  const stored = shallowRef<readonly HandedOver[]>([])
  /** Changes that do not rest on the device yet. */
  const pending = shallowRef<readonly Change[]>([])
  const list = computed(() => pending.value.reduce((now, next) => next(now), stored.value))
  /** One after the other: each write begins with what rests there now (T13). */
  let turn: Promise<unknown> = Promise.resolve()

  const place = () => account.pubkey === null || account.vault === null
    ? null
    : { snapshots, key: accountKey(account.pubkey, 'handed-over'), version: 1, schema: Kept, vault: account.vault }

  async function read(): Promise<void> {
    const where = place()
    const found = where === null ? null : await readSealed(where)
    if (found?.ok && account.vault === where?.vault)
      stored.value = found.value ?? []
  }

  const stop = watch(() => account.vault, () => {
    stored.value = []
    pending.value = []
    turn = turn.then(read)
  }, { immediate: true, flush: 'sync' })
  const end = snapshots.onChange((key) => {
    if (account.pubkey !== null && key === accountKey(account.pubkey, 'handed-over'))
      turn = turn.then(read)
  })
  onScopeDispose(() => {
    stop()
    end()
  })

  /** Shown at once; where there is no room for it, it holds until the page is closed. */
  function change(next: Change): void {
    const where = place()
    if (where === null || next(list.value) === list.value)
      return
    pending.value = [...pending.value, next]
    turn = turn.then(async () => {
      const found = await readSealed(where)
      if (account.vault !== where.vault)
        return
      const after = next(found.ok ? found.value ?? [] : stored.value)
      stored.value = after
      pending.value = pending.value.filter(one => one !== next)
      if (found.ok)
        await snapshots.writeSealed(where.key, where.version, after, where.vault)
    })
  }

  const of = (order: OrderKey): HandedOver | null => list.value.find(one => one.order === order) ?? null

  function mark(order: OrderKey, paymentHash: Hex32, how: HandedOver['how']): void {
    change((now) => {
      const known = now.find(one => one.order === order)
      if (known?.paymentHash === paymentHash && (known.how === how || known.how === 'taken'))
        return now
      return [{ order, paymentHash, how }, ...now.filter(one => one !== known)].slice(0, MOST)
    })
  }

  const forget = (order: OrderKey): void => change(now => now.some(one => one.order === order) ? now.filter(one => one.order !== order) : now)

  return { of, mark, forget }
})
