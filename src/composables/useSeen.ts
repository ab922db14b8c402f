import { useDocumentVisibility } from '@vueuse/core'
import { toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useConversationsStore } from '../stores/conversations'

/** Calls `saw` whenever there is something else on a screen that somebody may be looking at: a tab in the background reads nothing. */
export function useSeen(shown: MaybeRefOrGetter<unknown>, saw: () => void): void {
  const conversations = useConversationsStore()
  const visibility = useDocumentVisibility()
  watch([() => toValue(shown), visibility, () => conversations.ready, () => conversations.unread] as const, ([, seen, ready]) => {
    if (seen === 'visible' && ready)
      saw()
  }, { immediate: true })
}
