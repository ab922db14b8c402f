/// <reference types="vite-plugin-pwa/client" />
import { registerSW } from 'virtual:pwa-register'
import { readonly, ref } from 'vue'

/** A newer version that waits until the person takes it: nobody's page is changed under their hands. */
export function useNewVersion() {
  const ready = ref(false)
  const update = registerSW({ onNeedRefresh: () => { ready.value = true } })
  return {
    ready: readonly(ready),
    take: (): Promise<void> => update(true),
    later: (): void => { ready.value = false },
  }
}
