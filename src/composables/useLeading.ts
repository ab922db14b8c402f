import { onScopeDispose, shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue'
import { useAccountStore } from '../stores/account'
import { shared } from './shared'

/** Whether this tab is the one that delivers, answers and settles for the open account (T13). */
export const useLeading: () => Readonly<ShallowRef<boolean>> = shared(() => {
  const account = useAccountStore()
  const leading = shallowRef(false)
  let life = new AbortController()
  watch(() => account.journal, (journal) => {
    life.abort()
    life = new AbortController()
    leading.value = false
    const { signal } = life
    journal?.lead(signal, () => {
      if (!signal.aborted)
        leading.value = true
    })
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => life.abort())
  return shallowReadonly(leading)
})
