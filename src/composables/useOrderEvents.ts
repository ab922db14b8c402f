import { computed, onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import * as v from 'valibot'
import { isEventId, isSeconds, toSeconds, type EventId, type Pubkey, type Seconds } from '../domain/brand'
import type { OpenedMessage } from '../domain/protocol/event'
import { keepMessages } from '../flows/keepMessages'
import type { Journal } from '../ports/journal'
import { useAccountStore } from '../stores/account'
import { emptyInbox, useInboxStore } from '../stores/inbox'
import { useOrdersStore } from '../stores/orders'
import { accountKey } from '../stores/persisted'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** Messages may reach a relay late; nobody's is missed for having been on its way this long. */
const OVERLAP_SECONDS = 14 * 24 * 3_600
/** A full device may have room again by then. */
const KEEP_AGAIN_MS = 15_000
/** `witness`: a message of the journal; without it the journal is not the one that was read (the browser threw it away). */
const Marker = v.object({ relays: v.array(v.string()), at: v.custom<Seconds>(isSeconds), witness: v.custom<EventId>(isEventId) })
type Marker = v.InferOutput<typeof Marker>

/** Keeps the private messages of one account coming in, for as long as its scope lives. */
export function useOrderEvents(owner: MaybeRefOrGetter<Pubkey | null>) {
  const { mail, snapshots, clock } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const inbox = useInboxStore()
  const orders = useOrdersStore()
  let life = new AbortController()

  function markerOf(pubkey: Pubkey): Marker | null {
    const found = snapshots.read(accountKey(pubkey, 'inbox'))
    const marker = found.ok && found.value !== null ? v.safeParse(Marker, found.value.value) : null
    return marker?.success ? marker.output : null
  }

  /** Everything (null), unless this device has read all of these relays to the end before. */
  async function sinceOf(journal: Journal, marker: Marker | null): Promise<Seconds | null> {
    if (marker === null || !settings.mailRelays.every(url => marker.relays.includes(url)))
      return null
    const isHere = (await journal.has([marker.witness])).has(marker.witness)
    return isHere ? toSeconds(Math.max(0, marker.at - OVERLAP_SECONDS)) : null
  }

  async function begin(pubkey: Pubkey | null): Promise<void> {
    life.abort()
    life = new AbortController()
    inbox.report(emptyInbox)
    inbox.kept(null)
    const { journal, signer } = account
    if (pubkey === null || journal === null || signer === null || signer.pubkey !== pubkey)
      return
    const { signal } = life
    const relays = settings.mailRelays
    const marker = markerOf(pubkey)
    let witness = marker?.witness ?? null
    const since = await sinceOf(journal, marker)
    if (signal.aborted)
      return
    let keeping: Promise<void> = Promise.resolve()
    /** What storage did not take: no relay sends it again in this session. */
    let unkept: readonly OpenedMessage[] = []
    const keep = async (messages: readonly OpenedMessage[]): Promise<void> => {
      const wanted = [...unkept, ...messages]
      const kept = await keepMessages({ journal, clock }, wanted)
      if (signal.aborted)
        return
      inbox.kept(kept.ok ? null : kept.error)
      unkept = kept.ok ? [] : wanted
      if (!kept.ok)
        void clock.sleep(KEEP_AGAIN_MS, signal).then(() => { keeping = keeping.then(() => unkept.length > 0 && !signal.aborted ? keep([]) : undefined) })
      if (kept.ok && kept.value.added > 0)
        witness = wanted[0]?.id ?? witness
      const refused = kept.ok ? Object.values(kept.value.refused).reduce((sum, count) => sum + count, 0) : 0
      if (refused > 0) {
        orders.countRefused(refused)
        inbox.spoiltMore()
      }
    }
    mail.openInbox({
      signer,
      relays,
      since,
      known: ids => journal.has(ids),
      held: () => journal.carriers(),
      signal,
      onMessages: (messages) => { keeping = keeping.then(() => keep(messages)) },
      onSpoilt: (id, reason, what) => {
        keeping = keeping.then(async () => {
          await journal.noteCarriers([{ id, at: clock.now(), spoilt: reason, ...what }])
          inbox.spoiltMore()
        })
      },
      // What came before it is kept first: 'all is here' means in the journal.
      onProgress: progress => void keeping.then(() => {
        if (signal.aborted)
          return
        inbox.report(progress)
        // Nothing unopened, no relay mute, and all that came is in storage: next time only the newest is asked for.
        if (witness !== null && unkept.length === 0 && progress.caughtUp && progress.unopened === 0 && progress.muteRelays.length === 0 && inbox.problem === null && orders.storageProblem === null)
          snapshots.write(accountKey(pubkey, 'inbox'), 1, { relays: [...relays], at: clock.now(), witness } satisfies Marker)
      }),
    })
  }

  // A signer that was silent left messages unopened: they are read when it is back.
  watch(() => account.signerReturns, () => {
    if (inbox.progress.unopened > 0)
      void begin(toValue(owner))
  })
  watch([() => toValue(owner), () => settings.mailRelays.join(), () => inbox.rounds] as const, ([pubkey]) => void begin(pubkey), { immediate: true })
  onScopeDispose(() => {
    life.abort()
    inbox.report(emptyInbox)
  })

  return {
    caughtUp: computed(() => inbox.progress.caughtUp),
    progress: computed(() => inbox.progress),
    problem: computed(() => inbox.problem),
  }
}
