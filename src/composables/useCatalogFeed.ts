import { onScopeDispose, watch } from 'vue'
import { useCatalogStore } from '../stores/catalog'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** Keeps the market fresh for as long as its scope lives: what the device remembers, then the relays, then live. */
export function useCatalogFeed(): void {
  const { catalog } = useServices()
  const store = useCatalogStore()
  const settings = useSettingsStore()
  let life = new AbortController()
  watch(() => settings.readRelays, (relays, former) => {
    // The list is a new one whenever another setting changes.
    if (former !== undefined && relays.join() === former.join())
      return
    life.abort()
    life = new AbortController()
    catalog.open({ relays, signal: life.signal, onBatch: store.absorb, onProgress: store.setProgress })
  }, { immediate: true })
  onScopeDispose(() => life.abort())
}
