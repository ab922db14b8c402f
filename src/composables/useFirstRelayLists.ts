import { onScopeDispose } from 'vue'
import { seedOwnLists } from '../flows/relayLists'
import { useAccountStore } from '../stores/account'
import { accountKey } from '../stores/persisted'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** Not reached, or the signer is away: asked again after so long. */
const AGAIN_MS = 30_000

/**
 * A key that was made here has told nobody where it reads: its first relay lists are published from what is set, once, unless
 * there are some already. Survives a reload until it is done.
 */
export function useFirstRelayLists(): void {
  const { relays, clock, config, snapshots } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const life = new AbortController()
  onScopeDispose(() => life.abort())

  async function run(): Promise<void> {
    const { signer } = account
    if (signer === null)
      return
    const key = accountKey(signer.pubkey, 'newcomer')
    for (;;) {
      const due = snapshots.read(key)
      if (!due.ok || due.value === null || life.signal.aborted)
        return
      const seeded = await seedOwnLists({ relays, clock }, { signer, choices: settings.relayChoices, loopback: config.sandbox })
      if (seeded.ok)
        return snapshots.remove(key)
      await clock.sleep(AGAIN_MS, life.signal)
    }
  }
  void run()
}
