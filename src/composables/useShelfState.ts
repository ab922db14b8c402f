import { computed } from 'vue'
import type { Address, RelayUrl } from '../domain/brand'
import { useCatalogStore } from '../stores/catalog'
import { useSettingsStore } from '../stores/settings'

/** How far the listings are here: what a machine may do by itself depends on it. */
export function useShelfState() {
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  const asked = computed(() => catalog.progress.phase === 'live' || catalog.progress.phase === 'offline')
  const owing = computed<readonly RelayUrl[]>(() => settings.readRelays.filter(url => !catalog.progress.complete.includes(url)))
  return {
    /** Every relay was asked, and one at least has shown all it has. */
    live: computed(() => catalog.progress.phase === 'live'),
    /** Every relay of the settings has shown all it has: what is not here does not exist. */
    complete: computed(() => asked.value && owing.value.length === 0 && settings.readRelays.length > 0),
    /** Relays that were asked and have not shown all they have. */
    missing: computed<readonly RelayUrl[]>(() => asked.value ? owing.value : []),
    /** Every relay was asked, and one that holds this listing has shown all it has: no newer version is to be expected. */
    isCurrent: (listing: Address): boolean => catalog.progress.phase === 'live'
      && catalog.relaysOf(listing).some(url => catalog.progress.complete.includes(url)),
  }
}
