import { computed, onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import * as v from 'valibot'
import { isEventId, isSeconds, toSeconds, type EventId, type Pubkey, type Seconds } from '../domain/brand'
import type { Journal } from '../ports/journal'
import { useAccountStore } from '../stores/account'
import { emptyInbox, useInboxStore } from '../stores/inbox'
import { useOrdersStore } from '../stores/orders'
import { accountKey } from '../stores/persisted'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { keepMail } from './mail-keeper'

/** Messages may reach a relay late; nobody's is missed for having been on its way this long. */
const OVERLAP_SECONDS = 14 * 24 * 3_600
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
  let askAgain = (): void => undefined

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
    inbox.opened(null)
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
    const keeper = keepMail({
      journal,
      clock,
      signal,
      onKept(messages, { added, refused }) {
        if (added > 0)
          witness = messages[0]?.id ?? witness
        const unread = Object.values(refused).reduce((sum, count) => sum + count, 0)
        orders.countRefused(unread)
        if (unread > 0)
          inbox.spoiltMore()
      },
      onNoted: inbox.spoiltMore,
      onProblem: inbox.kept,
      fetchAgain: ids => open.fetchAgain(ids),
    })
    const open = mail.openInbox({
      signer,
      relays,
      since,
      // A page that loads asks no signer: somebody has to have come in by hand, or tap.
      mayAsk: account.mayAskSigner ? 'some' : 'no',
      known: ids => journal.has(ids),
      held: () => journal.carriers(),
      signal,
      onMessages: keeper.keep,
      onSpoilt: keeper.noteSpoilt,
      // What came before it is kept first: 'all is here' means in the journal.
      onProgress: progress => void keeper.afterwards(() => {
        if (signal.aborted)
          return
        inbox.report(progress)
        // Nothing unopened, no relay mute, and all that came is in storage: next time only the newest is asked for.
        if (witness !== null && keeper.keptAll() && progress.caughtUp && progress.unopened === 0 && progress.muteRelays.length === 0 && inbox.problem === null && orders.storageProblem === null)
          snapshots.write(accountKey(pubkey, 'inbox'), 1, { relays: [...relays], at: clock.now(), witness } satisfies Marker)
      }),
    })
    askAgain = open.askAgain
    inbox.opened({
      openWaiting() {
        account.tapped()
        open.openWaiting()
      },
      pauseOpening: open.pauseOpening,
    })
  }

  // A signer that was silent left messages unopened: they are read when it is back.
  watch(() => account.signerReturns, () => askAgain())
  watch([() => toValue(owner), () => settings.mailRelays.join()] as const, ([pubkey]) => void begin(pubkey), { immediate: true })
  onScopeDispose(() => {
    life.abort()
    inbox.report(emptyInbox)
    inbox.kept(null)
    inbox.opened(null)
  })

  return {
    caughtUp: computed(() => inbox.progress.caughtUp),
    progress: computed(() => inbox.progress),
    problem: computed(() => inbox.problem),
  }
}
