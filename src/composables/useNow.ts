import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import type { Seconds } from '../domain/brand'
import { useServices } from '../stores/services'
import { shared } from './shared'

/** The time, ticking once a second: one timer for everyone who looks, none when nobody does. */
export const useNow: () => Readonly<ShallowRef<Seconds>> = shared(() => {
  const { clock } = useServices()
  const now = shallowRef(clock.now())
  const timer = setInterval(() => { now.value = clock.now() }, 1_000)
  onScopeDispose(() => clearInterval(timer))
  return shallowReadonly(now)
})
