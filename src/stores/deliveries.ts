import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue'
import type { OrderKey } from '../domain/brand'
import type { Delivery, Journal } from '../ports/journal'
import { useAccountStore } from './account'
import { useRelaysStore } from './relays'

/** Coalesces the many small changes of one delivery. */
const DELAY_MS = 60

const forOthers = ({ note }: Delivery): boolean => note !== true

export type DeliveryState = 'sent' | 'waiting' | 'offline' | 'stopped'

/** The outbox, as it is seen: what no relay has taken yet, and who took the rest (T1). */
export const useDeliveriesStore = defineStore('deliveries', () => {
  const account = useAccountStore()
  const relays = useRelaysStore()
  const byOrder = shallowReactive(new Map<OrderKey | null, readonly Delivery[]>())
  const open = shallowRef<readonly Delivery[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let end = (): void => undefined

  async function reload(journal: Journal): Promise<void> {
    const undelivered = await journal.undelivered()
    if (account.journal !== journal)
      return
    open.value = undelivered.filter(forOthers)
    for (const key of byOrder.keys())
      await load(journal, key)
  }

  async function load(journal: Journal, key: OrderKey | null): Promise<void> {
    const deliveries = await journal.deliveriesOf(key)
    if (account.journal === journal)
      byOrder.set(key, deliveries.filter(forOthers))
  }

  function ofOrder(key: OrderKey | null): readonly Delivery[] {
    const known = byOrder.get(key)
    const { journal } = account
    if (known === undefined && journal !== null)
      queueMicrotask(() => void load(journal, key))
    return known ?? []
  }

  function stateOf(key: OrderKey): DeliveryState {
    const known = byOrder.get(key) ?? []
    if (known.some(({ stopped }) => stopped !== null))
      return 'stopped'
    const isOpen = open.value.some(({ order }) => order === key)
    return isOpen ? relays.online ? 'waiting' : 'offline' : 'sent'
  }

  const stop = watch(() => account.journal, (journal) => {
    end()
    end = () => undefined
    clearTimeout(timer)
    timer = undefined
    open.value = []
    byOrder.clear()
    if (journal === null)
      return
    const listening = journal.onDeliveries(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        void reload(journal)
      }, DELAY_MS)
    })
    end = listening
    void reload(journal)
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => {
    stop()
    end()
    clearTimeout(timer)
  })

  return {
    /** Read when first asked for; kept fresh from then on. null: of messages about no order. */
    ofOrder,
    stateOf,
    pending: computed(() => open.value.length),
  }
})
