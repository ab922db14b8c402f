import { onScopeDispose } from 'vue'
import * as v from 'valibot'
import type { RelayUrl, Seconds } from '../domain/brand'
import { isSeconds } from '../domain/brand'
import type { Doomed } from '../domain/protocol/deletion-encode'
import type { NostrEvent } from '../domain/protocol/event'
import { readEvent } from '../domain/protocol/event-shape'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'
import type { Result } from '../domain/result'
import { err } from '../domain/result'
import { composeDeletion, sendDeletion, type DeleteError, type OpenDeletion } from '../flows/deleteListing'
import { joinRelays } from '../flows/reach'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { accountKey, persisted, type Persisted } from '../stores/persisted'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'
import { locked } from './useSender'

const AGAIN_MS = 60_000
/** Beyond that the oldest are let go: public events, and relays have had weeks. */
const MOST_OPEN = 200

const Url = v.custom<RelayUrl>(value => typeof value === 'string' && normalizeRelayUrl(value) === value)
const Deletion = v.object({ event: v.custom<NostrEvent>(value => readEvent(value).ok), waiting: v.array(Url), since: v.custom<Seconds>(isSeconds) })
const Deletions = v.array(Deletion)

/**
 * Takes own listings off every relay that ever held them. What a relay has not heard is kept and told again, over reloads; here
 * they are gone at once, and stay gone whatever a relay brings.
 */
export const useDeletions = shared(() => {
  const { snapshots, clock, relays, catalog: feed } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const catalog = useCatalogStore()
  const life = new AbortController()
  const { signer } = account
  const kept: Persisted<readonly OpenDeletion[]> | null = signer === null ? null : persisted<readonly OpenDeletion[]>({ snapshots, key: accountKey(signer.pubkey, 'deletions'), version: 1, schema: Deletions, initial: [] })
  onScopeDispose(() => {
    life.abort()
    kept?.dispose()
  })

  async function send(open: OpenDeletion): Promise<void> {
    const left = await sendDeletion({ clock, relays }, open)
    if (!life.signal.aborted)
      kept?.change(all => all.flatMap(one => one.event.id !== open.event.id ? [one] : left === null ? [] : [left]))
  }

  async function run(): Promise<void> {
    while (kept !== null && !life.signal.aborted) {
      for (const open of kept.value.value)
        await send(open)
      await clock.sleep(AGAIN_MS, life.signal)
    }
  }
  void run()

  return {
    /** How many are not yet heard of everywhere. */
    waiting: (): number => kept?.value.value.length ?? 0,
    /** `ok`: signed, kept and gone from here; relays that are away hear of it when they are back. */
    async remove(doomed: readonly Doomed[]): Promise<Result<void, DeleteError | typeof locked>> {
      if (signer === null || kept === null || account.signer !== signer)
        return err(locked)
      const relaysFor = ({ address }: Doomed): readonly RelayUrl[] => joinRelays(catalog.relaysOf(address), settings.relays)
      const composed = await composeDeletion({ signer, clock, relays, relaysFor }, doomed)
      if (!composed.ok)
        return composed
      // Kept before it is sent: a page that closes now goes on with it when it is opened again.
      kept.change(all => [...all, composed.value].slice(-MOST_OPEN))
      feed.remember?.(composed.value.event)
      catalog.absorb({ gone: doomed.map(({ address }) => address) })
      void send(composed.value)
      return { ok: true, value: undefined }
    },
  }
})
