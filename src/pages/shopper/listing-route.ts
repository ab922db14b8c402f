import { computed, nextTick, onScopeDispose, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Address } from '../../domain/brand'
import { fromNaddr } from '../../domain/catalog/naddr'
import { parseAddress } from '../../domain/catalog/address'
import { useServices } from '../../stores/services'

/** How long a listing that is not here yet is waited for before it is called gone. */
const PATIENCE_MS = 6_000

/** What a link leads to: a listing of one of those kinds, or a damaged link; and whether it has been waited for long enough. */
export function useListingRoute(naddr: MaybeRefOrGetter<string>, kinds: readonly number[], here: () => boolean) {
  const address = computed<Address | null>(() => {
    const parsed = fromNaddr(toValue(naddr))
    return parsed.ok && kinds.includes(parseAddress(parsed.value.address)?.kind ?? -1) ? parsed.value.address : null
  })
  const { catalog } = useServices()
  const late = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The link says where it was seen: our own relays may not have it. */
  function lookElsewhere(wanted: Address | null): void {
    const parsed = fromNaddr(toValue(naddr))
    const merchant = wanted === null || wanted !== address.value ? undefined : parseAddress(wanted)?.author
    if (parsed.ok && merchant !== undefined && parsed.value.relays.length > 0 && !here())
      catalog.look?.({ merchant, relays: parsed.value.relays })
  }

  watch(address, (now) => {
    late.value = false
    // Whoever calls this says what is here in terms of what it gives back.
    void nextTick(() => lookElsewhere(now))
    clearTimeout(timer)
    timer = setTimeout(() => { late.value = true }, PATIENCE_MS)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  const state = computed<'broken' | 'here' | 'waiting' | 'gone'>(() => {
    if (address.value === null)
      return 'broken'
    return here() ? 'here' : late.value ? 'gone' : 'waiting'
  })
  return { address, state }
}
