import { effectScope, getCurrentInstance, onScopeDispose, watch } from 'vue'
import { useAccountStore } from '../stores/account'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { authPolicy } from './auth-policy'

/** How often at most the account's lock time is put off by use. */
const TOUCH_MS = 5_000

/**
 * Resumes the account; while one is open its inbox, outbox and desk run. All that is loaded only then: who just looks
 * around does not pay for it.
 */
export function useSession(): void {
  const account = useAccountStore()
  const settings = useSettingsStore()
  const { relays, clock, essential = (load: () => Promise<typeof import('./session')>) => load() } = useServices()
  const app = getCurrentInstance()?.appContext.app
  let stopRunning = (): void => undefined
  let ended = false

  const stop = watch(() => account.journal, async (journal) => {
    stopRunning()
    if (journal === null)
      return
    const { runSession } = await essential(() => import('./session'))
    if (account.journal !== journal || ended)
      return
    const scope = effectScope(true)
    stopRunning()
    stopRunning = () => scope.stop()
    const begin = (): void => scope.run(runSession)
    if (app === undefined)
      begin()
    else
      app.runWithContext(begin)
  }, { immediate: true })

  // The network came back: nobody wants to wait for a pause to end.
  const online = (): void => relays.retryNow()
  let touched = 0
  const touch = (): void => {
    if (performance.now() - touched < TOUCH_MS)
      return
    touched = performance.now()
    account.touch()
  }
  globalThis.addEventListener('online', online)
  globalThis.addEventListener('pointerdown', touch, { passive: true })
  globalThis.addEventListener('keydown', touch, { passive: true })

  // A yes that is given now is asked for at once.
  watch(() => [account.signer, settings.relays.filter(settings.authAllowed).join(), account.taps] as const, ([signer]) => {
    // T23: only where the person said yes.
    relays.authenticate(signer === null ? null : authPolicy({ signer, clock, chosen: settings.authAllowed, mayAsk: account.mayAskSigner }))
  }, { immediate: true })

  onScopeDispose(() => {
    ended = true
    stop()
    stopRunning()
    relays.authenticate(null)
    globalThis.removeEventListener('online', online)
    globalThis.removeEventListener('pointerdown', touch)
    globalThis.removeEventListener('keydown', touch)
  })
  void account.resume()
}
