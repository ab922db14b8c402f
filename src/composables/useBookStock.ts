import { shallowRef } from 'vue'
import { bookStock } from '../flows/bookStock'
import { useCatalogStore } from '../stores/catalog'
import { useDesk } from './useDesk'
import { shared } from './shared'

/** Takes sold pieces off the own listings; one run after the other, so that no two count the same pieces. */
export const useBookStock = shared(() => {
  const catalog = useCatalogStore()
  const desk = useDesk()
  const problem = shallowRef<string | null>(null)
  let running: Promise<void> = Promise.resolve()

  async function book(): Promise<void> {
    const deps = desk.sender()
    // Listings of a market that is not all here may be old versions: they would come back with pieces that are sold.
    if (deps === null || catalog.progress.phase !== 'live')
      return
    const booked = await bookStock(desk.booking(deps))
    problem.value = booked.ok ? null : booked.error.code
    if (booked.ok && booked.value.length > 0)
      catalog.absorb({ stalls: [], products: booked.value, profiles: [], gone: [], seen: [], from: 'device' })
  }

  return {
    problem,
    book(): Promise<void> {
      running = running.then(book)
      return running
    },
  }
})
