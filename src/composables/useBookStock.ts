import { onScopeDispose } from 'vue'
import type { NostrEvent } from '../domain/protocol/event'
import type { Signer } from '../ports/signer'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useDeskHealthStore } from '../stores/desk-health'
import { useRelaysStore } from '../stores/relays'
import { useServices } from '../stores/services'
import { loadDeskProgram } from './desk-flows'
import { notLoaded } from './lazy-flow'
import { useDesk } from './useDesk'
import { useShelfState } from './useShelfState'
import { shared } from './shared'

const FIRST_PAUSE = 60
const LONGEST_PAUSE = 3_600

/**
 * Takes sold pieces off the own listings; one run after the other, so that no two count the same pieces. What fails is
 * tried again after ever longer pauses; what the person declined, not before the person says so.
 */
export const useBookStock = shared(() => {
  const { clock } = useServices()
  const catalog = useCatalogStore()
  const relays = useRelaysStore()
  const account = useAccountStore()
  const desk = useDesk()
  const health = useDeskHealthStore()
  const shelf = useShelfState()
  let running: Promise<void> = Promise.resolve()
  let signer: Signer | null = null
  let failures = 0
  let again = 0
  /** Signed, and not taken by any relay yet: an extension would ask the person each time. */
  const signed = new Map<string, NostrEvent>()

  function forget(next: Signer): void {
    signer = next
    failures = 0
    again = 0
    signed.clear()
  }

  const signingOnce = (by: Signer): Pick<Signer, 'pubkey' | 'sign'> => ({
    pubkey: by.pubkey,
    async sign(event) {
      const name = JSON.stringify([event.created_at, event.tags, event.content])
      const former = signed.get(name)
      if (former !== undefined)
        return { ok: true, value: former }
      const made = await by.sign(event)
      if (made.ok)
        signed.set(name, made.value)
      return made
    },
  })

  async function book(): Promise<void> {
    const deps = account.maySign ? desk.sender() : null
    // Listings of a market that is not all here may be old versions: they would come back with pieces that are sold.
    if (deps === null || !shelf.complete.value || !relays.online)
      return
    if (deps.signer !== signer)
      forget(deps.signer)
    if (clock.now() < again)
      return
    // Also what breaks off with a bug is not tried again at once.
    failures += 1
    again = clock.now() + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
    const program = await loadDeskProgram().catch(() => null)
    const { published, failed } = program === null ? { published: [], failed: notLoaded } : await program.bookStock({ ...desk.booking(deps), signer: signingOnce(deps.signer) })
    if (published.length > 0)
      catalog.absorb({ stalls: [], products: published, profiles: [], gone: [], seen: [], from: 'device' })
    if (failed === null)
      forget(deps.signer)
    else if (failed.code === 'declined')
      again = Infinity
    health.report('stock', failed === null ? null : { code: failed.code, order: null })
  }

  function next(): Promise<void> {
    // A run that broke off is no reason for the next not to begin.
    running = running.then(book, book)
    return running
  }

  onScopeDispose(() => health.report('stock', null))
  return {
    /** By itself: when something was paid, and every now and then. */
    book: next,
    /** The person acts: no pause, and what was declined is asked again. */
    bookNow(): Promise<void> {
      // Now, and not when its turn comes: who declines meanwhile is not asked a second time.
      again = 0
      return next()
    },
  }
})
