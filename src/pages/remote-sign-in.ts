import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { signInErrorText } from '../components/account/words'
import { useNow } from '../composables/useNow'
import { useAccountStore } from '../stores/account'
import { useSettingsStore } from '../stores/settings'

/** As many relays as a code to scan has room for. */
const MOST_RELAYS = 3
/** What may go better when it is tried again as it is. */
const PASSING: readonly string[] = ['no-answer', 'declined', 'cancelled']

/** Signing in with a remote signer, from the first word to it until it is in, fails or is not waited for any more. */
export function useRemoteSignIn(entered: () => Promise<void>) {
  const account = useAccountStore()
  const settings = useSettingsStore()
  const now = useNow()
  const phase = ref<'idle' | 'asking' | 'shown'>('idle')
  const uri = ref('')
  const link = ref('')
  const error = ref('')
  const retry = ref(false)
  const since = shallowRef(now.value)
  let life = new AbortController()

  function begin(next: 'asking' | 'shown'): { readonly signal: AbortSignal, readonly onLink: (url: string) => void } {
    life.abort()
    life = new AbortController()
    phase.value = next
    since.value = now.value
    link.value = ''
    error.value = ''
    return { signal: life.signal, onLink: (url) => { link.value = url } }
  }

  async function end(signal: AbortSignal, opened: Awaited<ReturnType<typeof account.signInWithBunker>>): Promise<void> {
    // Not waited for any more: whoever ended it knows.
    if (signal.aborted)
      return
    phase.value = 'idle'
    uri.value = ''
    error.value = opened.ok ? '' : signInErrorText(opened.error.code)
    retry.value = !opened.ok && PASSING.includes(opened.error.code)
    if (opened.ok)
      await entered()
  }

  async function useAddress(text: string): Promise<void> {
    const pairing = begin('asking')
    await end(pairing.signal, await account.signInWithBunker(text, pairing))
  }

  async function showCode(): Promise<void> {
    const pairing = begin('shown')
    const offer = await account.offerToSigner(settings.relays.slice(0, MOST_RELAYS), pairing)
    if (pairing.signal.aborted)
      return
    uri.value = offer.uri
    await end(pairing.signal, await offer.entered)
  }

  function cancel(): void {
    life.abort()
    phase.value = 'idle'
    uri.value = ''
    link.value = ''
    error.value = ''
  }
  onScopeDispose(() => life.abort())

  return { phase, uri, link, error, retry, waited: computed(() => Math.max(0, now.value - since.value)), useAddress, showCode, cancel }
}
