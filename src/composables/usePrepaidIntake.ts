import { computed, onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import type { Msat, OrderKey } from '../domain/brand'
import { waitsForOwnWallet, type PrepaidMatch } from '../domain/order/prepaid-match'
import type { Order } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { IncomingPayment } from '../domain/wallet/incoming'
import { incomingAcross, lookupAcross } from '../flows/lookup-invoice'
import type { SendDeps } from '../flows/send'
import { useAccountStore } from '../stores/account'
import { useInboxStore } from '../stores/inbox'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { countPrepaid, matchPrepaid, price } from './desk-flows'
import { sentWords } from './sent-words'
import { shared } from './shared'
import { useBookStock } from './useBookStock'
import { noWallet, useDesk } from './useDesk'
import { useLeading } from './useLeading'
import { locked } from './useSender'

/** A payment may be on its way when its receipt is here already; after a day only the button asks. */
const EVERY_SECONDS = 60
const WATCHED_SECONDS = 24 * 3_600

/**
 * Orders that came in paid: the own wallet is asked while this tab leads, when a claim comes and then every minute for a day.
 * What it cannot tell without doubt stands at the order for the merchant to judge (T8).
 */
export const usePrepaidIntake = shared(() => {
  const { clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const inbox = useInboxStore()
  const leading = useLeading()
  const desk = useDesk()
  const stock = useBookStock()
  const matches = shallowRef<ReadonlyMap<OrderKey, readonly PrepaidMatch[]>>(new Map())
  const busy = shallowRef(false)
  const problem = shallowRef<string | null>(null)
  /** A claim came while the wallet was being asked. */
  let anew = false
  const waiting = computed(() => orders.asMerchant.filter(waitsForOwnWallet))

  async function ownPrice(deps: SendDeps, order: Order): Promise<Msat | null> {
    const priced = await price({ ...deps, ...desk.pricing() }, order, undefined)
    return priced.ok ? priced.value.totals.totalMsat : null
  }

  async function look(): Promise<Result<void, { readonly code: string }>> {
    const deps = desk.sender()
    const wallets = desk.wallets.value
    if (deps === null || wallets.length === 0)
      return err(deps === null ? locked : noWallet)
    if (busy.value) {
      anew = true
      return ok(undefined)
    }
    busy.value = true
    anew = false
    try {
      const found = await matchPrepaid({ ...deps, source: { ...lookupAcross(wallets), incoming: since => incomingAcross(wallets, since) }, orders: () => orders.asMerchant, price: order => ownPrice(deps, order), paidWords: sentWords.paid })
      problem.value = found.ok ? null : found.error.code
      if (found.ok)
        matches.value = found.value
      return found.ok ? ok(undefined) : found
    }
    finally {
      busy.value = false
      if (anew)
        void look()
    }
  }

  async function confirm(order: OrderKey, payment: IncomingPayment): Promise<Result<void, { readonly code: string }>> {
    const deps = desk.sender()
    if (deps === null)
      return err(locked)
    const counted = await countPrepaid({ ...deps, paidWords: sentWords.paid }, order, payment)
    if (counted.ok)
      void stock.bookNow()
    return counted
  }

  const mayLook = computed(() => leading.value && account.maySign && orders.loaded && inbox.progress.caughtUp && desk.wallets.value.length > 0)
  /** Changes when a claim is new, not when its order does. */
  const claims = computed(() => waiting.value.map(({ key, payments }) => `${key} ${payments.map(({ message }) => message).join(' ')}`).join('\n'))
  watch([mayLook, claims], ([may]) => {
    if (may && waiting.value.length > 0)
      void look()
  }, { immediate: true })
  const again = setInterval(() => {
    const recent = clock.now() - WATCHED_SECONDS
    if (mayLook.value && waiting.value.some(({ updatedAt }) => updatedAt > recent))
      void look()
  }, EVERY_SECONDS * 1_000)
  onScopeDispose(() => clearInterval(again))

  return { matches: shallowReadonly(matches), busy: shallowReadonly(busy), problem: shallowReadonly(problem), look, confirm }
})
