import { bookStock } from '../flows/bookStock'
import { useCatalogStore } from '../stores/catalog'
import { useDeskHealthStore } from '../stores/desk-health'
import { useDesk } from './useDesk'
import { useShelfState } from './useShelfState'
import { shared } from './shared'

/** Takes sold pieces off the own listings; one run after the other, so that no two count the same pieces. */
export const useBookStock = shared(() => {
  const catalog = useCatalogStore()
  const desk = useDesk()
  const shelf = useShelfState()
  const health = useDeskHealthStore()
  let running: Promise<void> = Promise.resolve()

  async function book(): Promise<void> {
    const deps = desk.sender()
    // Listings of a market that is not all here may be old versions: they would come back with pieces that are sold.
    if (deps === null || !shelf.complete.value)
      return
    const booked = await bookStock(desk.booking(deps))
    health.report('stock', booked.ok ? null : { code: booked.error.code, order: null })
    if (booked.ok && booked.value.length > 0)
      catalog.absorb({ stalls: [], products: booked.value, profiles: [], gone: [], seen: [], from: 'device' })
  }

  return {
    book(): Promise<void> {
      running = running.then(book)
      return running
    },
  }
})
