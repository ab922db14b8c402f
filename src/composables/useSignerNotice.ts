import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { useAccountStore } from '../stores/account'
import { useServices } from '../stores/services'

export interface SignerNoticeView { readonly state: 'waiting' | 'silent', readonly seconds: number, readonly trying: boolean, readonly link: string }

/** Most answers come sooner: nobody has to read that. */
const QUIET_SECONDS = 4

/** What is to be said of a signer that is elsewhere; null: nothing. Counts seconds only while there is something to count. */
export function useSignerNotice(): { readonly view: ComputedRef<SignerNoticeView | null>, readonly retry: () => void } {
  const account = useAccountStore()
  const { clock } = useServices()
  const now = shallowRef(clock.now())
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => clearInterval(timer)

  watch(() => account.presence.state, (state) => {
    stop()
    now.value = clock.now()
    if (state === 'waiting')
      timer = setInterval(() => { now.value = clock.now() }, 1_000)
  }, { immediate: true })
  onScopeDispose(stop)

  const view = computed((): SignerNoticeView | null => {
    const presence = account.presence
    if (presence.state === 'ready')
      return null
    if (presence.state === 'silent')
      return { state: 'silent', seconds: 0, trying: presence.trying, link: '' }
    const seconds = Math.max(0, now.value - presence.since)
    return seconds < QUIET_SECONDS && presence.link === null ? null : { state: 'waiting', seconds, trying: false, link: presence.link ?? '' }
  })
  return { view, retry: () => account.retrySigner() }
}
