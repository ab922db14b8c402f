import { onScopeDispose, watch } from 'vue'
import { deliver, dueIn } from '../flows/deliver'
import { reachOf } from '../flows/reach'
import type { Delivery, Journal } from '../ports/journal'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useRelaysStore } from '../stores/relays'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { useLeading } from './useLeading'
import { useSender } from './useSender'

/** At once on their way; the rest waits its turn. */
const AT_ONCE = 6
/** Relays that open one after the other start one round, not one each. */
const AFTER_OPEN_MS = 150

/** Moves the outbox of the open account: at once, then with growing pauses, and whenever a relay comes back (T1). */
export function useDelivery(): void {
  const { relays, clock } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const status = useRelaysStore()
  const catalog = useCatalogStore()
  const leading = useLeading()
  const sender = useSender()
  const reach = reachOf({ relays, clock, own: () => settings.relays, seenOn: person => catalog.relaysOfAuthor(person) })
  let life = new AbortController()
  let wake = (): void => undefined
  /** What waits goes now, whatever its pause. */
  let urgent = false

  async function run(journal: Journal, signal: AbortSignal): Promise<void> {
    const onTheirWay = new Set<string>()
    const end = journal.onDeliveries(() => wake())
    signal.addEventListener('abort', end, { once: true })

    async function bring(delivery: Delivery): Promise<void> {
      const deps = sender()
      if (deps === null || deps.journal !== journal)
        return
      onTheirWay.add(delivery.id)
      try {
        await deliver({ ...deps, mayAsk: account.maySign, relays, reach, seenOn: person => catalog.relaysOfAuthor(person) }, delivery)
      }
      finally {
        onTheirWay.delete(delivery.id)
        wake()
      }
    }

    while (!signal.aborted) {
      const nap = new AbortController()
      // Whatever happens from here on ends the nap, also before it has begun.
      wake = () => nap.abort()
      const stopNap = (): void => nap.abort()
      signal.addEventListener('abort', stopNap, { once: true })
      const forced = urgent
      urgent = false
      // Words to somebody go before notes to ourselves: nobody waits for those.
      const waiting = (await journal.undelivered()).filter(({ id }) => !onTheirWay.has(id)).toSorted((a, b) => Number(a.note ?? false) - Number(b.note ?? false))
      // Where the outbox could not be read it is looked at again soon.
      let pause = waiting.length === 0 ? 60 : 3_600
      for (const delivery of waiting) {
        const due = forced ? 0 : dueIn(delivery, clock.now(), clock.random())
        if (due > 0)
          pause = Math.min(pause, due)
        else if (onTheirWay.size < AT_ONCE && !signal.aborted)
          void bring(delivery)
      }
      await clock.sleep(pause * 1_000, nap.signal)
      signal.removeEventListener('abort', stopNap)
    }
  }

  watch([() => account.journal, leading] as const, ([journal, leads]) => {
    life.abort()
    life = new AbortController()
    if (journal !== null && leads)
      void run(journal, life.signal)
  }, { immediate: true })

  const hurry = (): void => {
    urgent = true
    wake()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(() => status.statuses.filter(({ state }) => state === 'open').length, (now, before) => {
    if (now <= before)
      return
    clearTimeout(timer)
    timer = setTimeout(hurry, AFTER_OPEN_MS)
  })
  globalThis.addEventListener('online', hurry)
  onScopeDispose(() => {
    life.abort()
    clearTimeout(timer)
    globalThis.removeEventListener('online', hurry)
  })
}
