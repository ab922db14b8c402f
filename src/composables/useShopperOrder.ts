import { toValue, type MaybeRefOrGetter } from 'vue'
import type { OrderKey } from '../domain/brand'
import { stallOf } from '../domain/catalog/product'
import { productAddress } from '../domain/order/pricing'
import { allowedActs } from '../domain/order/acts'
import { err, ok, type Result } from '../domain/result'
import type { SendDeps } from '../flows/send'
import steps from '../locales/steps.en.json'
import { useCartStore } from '../stores/cart'
import { useCatalogStore } from '../stores/catalog'
import { useOrdersStore } from '../stores/orders'
import { filled, sentWords } from './sent-words'
import { cancelOrder, confirmReceived, sayDispute, sendChat } from './shopper-flows'
import { locked, useSender } from './useSender'

type Acted = Promise<Result<void, { readonly code: string }>>

/** Everything a shopper does with one order, but paying it. */
export function useShopperOrder(key: MaybeRefOrGetter<OrderKey>) {
  const orders = useOrdersStore()
  const catalog = useCatalogStore()
  const cart = useCartStore()
  const sender = useSender()
  let busy = false

  async function act(work: (deps: SendDeps, order: OrderKey) => Promise<Result<unknown, { readonly code: string }>>): Acted {
    const deps = sender()
    if (deps === null || busy)
      return err(deps === null ? locked : { code: 'busy' })
    busy = true
    const done = await work(deps, toValue(key)).finally(() => { busy = false })
    return done.ok ? ok(undefined) : done
  }

  /** Puts into the cart what of the order can still be had. @returns how many of its products could not */
  async function orderAgain(): Promise<Result<{ readonly missing: number }, { readonly code: string }>> {
    const order = orders.get(toValue(key))
    if (order === undefined)
      return err({ code: 'no-order' })
    const missing = order.items.filter((line) => {
      const product = catalog.products.get(productAddress(order.merchant, line))
      const stall = product === undefined ? null : stallOf(product, catalog.stalls)
      return product === undefined || stall === null || !cart.add(product, stall, line.quantity).ok
    }).length
    return ok({ missing })
  }

  return {
    sendMessage: (text: string): Acted => act((deps, order) => sendChat(deps, order, text)),
    confirmReceived: (): Acted => act((deps, order) => confirmReceived(deps, order, sentWords.received)),
    /** Reports a problem, or takes the report back. */
    dispute: (how: 'dispute' | 'withdraw-dispute', reason: string): Acted => act((deps, key) =>
      sayDispute(deps, key, 'shopper', how, filled(how === 'dispute' ? steps.sent.dispute : steps.sent.settled, { number: orders.get(key)?.number ?? '', reason }).trim())),
    cancel: (reason: string): Acted => act((deps, key) => {
      const order = orders.get(key)
      const asks = order !== undefined && !allowedActs(order, 'shopper').includes('cancel')
      return cancelOrder(deps, key, 'shopper', filled(asks ? sentWords.cancelAsked : sentWords.cancelled, { reason }).trim())
    }),
    orderAgain,
  }
}
