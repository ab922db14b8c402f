import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { sameGeneral, sameInbox, wantedLists, type PublishedLists } from '../domain/protocol/own-relay-lists'
import { publishOwnLists, readOwnLists, type PublishListsError } from '../flows/relayLists'
import { useAccountStore } from '../stores/account'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** What the open account has told others of its relays, beside what is set here. Published only when asked to. */
export function useOwnRelayLists() {
  const { relays, clock, config } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const published = shallowRef<PublishedLists | null>(null)
  const state = ref<'reading' | 'known' | 'unknown' | 'publishing'>('reading')
  const problem = ref<PublishListsError['code'] | null>(null)
  let round = 0
  const wanted = computed(() => wantedLists(settings.relayChoices, config.sandbox))

  async function read(): Promise<void> {
    const mine = ++round
    const { pubkey } = account
    published.value = null
    problem.value = null
    if (pubkey === null)
      return
    state.value = 'reading'
    const found = await readOwnLists({ relays, clock }, pubkey, settings.relays)
    if (mine !== round)
      return
    const isHere = found.heard > 0 || found.events.general !== null || found.events.inbox !== null
    published.value = isHere ? found.published : null
    state.value = isHere ? 'known' : 'unknown'
  }

  async function publish(): Promise<boolean> {
    const { signer } = account
    if (signer === null || state.value === 'publishing')
      return false
    const mine = ++round
    state.value = 'publishing'
    problem.value = null
    const done = await publishOwnLists({ relays, clock }, { signer, choices: settings.relayChoices, loopback: config.sandbox })
    if (mine !== round)
      return false
    state.value = done.ok || published.value !== null ? 'known' : 'unknown'
    if (done.ok)
      published.value = done.value
    else
      problem.value = done.error.code
    return done.ok
  }

  watch([() => account.pubkey, () => settings.relays.join()] as const, () => void read(), { immediate: true })
  onScopeDispose(() => { round++ })

  return {
    state,
    published,
    /** Why it would not go, or did not. */
    problem: computed(() => problem.value ?? (wanted.value.ok ? null : wanted.value.error.code)),
    wanted: computed<PublishedLists | null>(() => wanted.value.ok ? wanted.value.value : null),
    /** What others find is what is set here. */
    same: computed(() => wanted.value.ok && published.value !== null
      && sameGeneral(wanted.value.value.general, published.value.general) && sameInbox(wanted.value.value.inbox, published.value.inbox)),
    read,
    publish,
  }
}
