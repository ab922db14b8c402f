import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type { RelayStatus } from '../ports/relays'
import { useServices } from './services'

/** What each relay is doing (T21). */
export const useRelaysStore = defineStore('relays', () => {
  const { relays } = useServices()
  const statuses = shallowRef<readonly RelayStatus[]>(relays.statuses())
  const online = computed(() => statuses.value.some(({ state }) => state === 'open'))
  onScopeDispose(relays.onStatus((now) => { statuses.value = now }))
  return { statuses, online, retryNow: () => relays.retryNow() }
})
