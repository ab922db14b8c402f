import { onScopeDispose, watch } from 'vue'
import type { OrderKey } from '../domain/brand'
import { wasAsked } from '../domain/order/paying-wallet'
import type { Order } from '../domain/order/types'
import { resolvePayment } from '../flows/payOrder'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useLeading } from './useLeading'
import { usePayingNow } from './usePayingNow'
import { useSender } from './useSender'
import { useShopperWallet } from './useShopperWallet'

const PAUSES = [2, 5, 10, 20, 30, 60]

/** Payments that were begun and whose end nobody heard, in this session or an earlier one: the wallet that was asked to pay is asked until it knows; no other is. */
export function useUnknownPayments(): void {
  const { clock } = useServices()
  const sender = useSender()
  const orders = useOrdersStore()
  const wallet = useShopperWallet()
  const leading = useLeading()
  const paying = usePayingNow()
  const running = new Map<OrderKey, AbortController>()

  async function follow(key: OrderKey, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      const deps = sender()
      if (wallet.value !== null && deps !== null && !paying.has(key)) {
        const outcome = await resolvePayment({ ...deps, wallet: wallet.value }, key)
        if (outcome.ok && (outcome.value === null || outcome.value.status !== 'unknown'))
          return
      }
      await clock.sleep((PAUSES[Math.min(round, PAUSES.length - 1)] ?? 60) * 1_000, signal)
    }
  }

  const mayKnow = (order: Order): boolean => order.paying !== null && wallet.value !== null && wasAsked(wallet.value, order)
  watch(() => orders.loaded && leading.value ? orders.asShopper.filter(mayKnow).map(order => order.key).join('\n') : '', (open) => {
    const keys = new Set(open.split('\n').filter(key => key !== ''))
    for (const [key, life] of running) {
      if (!keys.has(key)) {
        life.abort()
        running.delete(key)
      }
    }
    for (const key of keys) {
      if (running.has(key as OrderKey))
        continue
      const life = new AbortController()
      running.set(key as OrderKey, life)
      void follow(key as OrderKey, life.signal)
    }
  }, { immediate: true })
  onScopeDispose(() => running.forEach(life => life.abort()))
}
