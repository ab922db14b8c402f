import { onScopeDispose, watch } from 'vue'
import type { OrderKey, Seconds } from '../domain/brand'
import { nextLookupIn } from '../domain/wallet/poll-schedule'
import { checkAddressPayment, watchedInvoices } from '../flows/askAddress'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useLeading } from './useLeading'
import { useSender } from './useSender'

/**
 * Invoices that this device got from merchants' addresses are followed where their service tells of payments (LUD-21): while
 * they can be paid, and for a day after, since what left a wallet in time still arrives. A reload begins anew with a look.
 */
export function useAddressPayments(): void {
  const { clock, payAddress } = useServices()
  const sender = useSender()
  const orders = useOrdersStore()
  const leading = useLeading()
  const running = new Map<string, AbortController>()
  const nameOf = (key: OrderKey, hash: string): string => `${hash}:${key}`

  const open = () => orders.asShopper.flatMap(order => watchedInvoices(order).map(invoice => ({ key: order.key, invoice })))

  async function follow({ key, invoice }: ReturnType<typeof open>[number], signal: AbortSignal): Promise<void> {
    let lookedAt: Seconds | null = null
    while (!signal.aborted) {
      const seconds = nextLookupIn({ expiresAt: invoice.expiresAt ?? clock.now(), lookedAt, watch: document.visibilityState === 'visible' ? 'screen' : 'background' }, clock.now())
      if (seconds === null)
        return
      await clock.sleep(seconds * 1_000, signal)
      const deps = sender()
      if (signal.aborted || deps === null)
        return
      lookedAt = clock.now()
      const found = await checkAddressPayment({ ...deps, payAddress }, key, invoice)
      if (found.ok && found.value === 'settled')
        return
    }
  }

  const stop = watch(() => orders.loaded && leading.value ? open() : [], (now) => {
    const wanted = new Map(now.map(one => [nameOf(one.key, one.invoice.paymentHash), one]))
    for (const [name, life] of running) {
      if (!wanted.has(name)) {
        life.abort()
        running.delete(name)
      }
    }
    for (const [name, one] of wanted) {
      if (running.has(name))
        continue
      const life = new AbortController()
      running.set(name, life)
      void follow(one, life.signal)
    }
  }, { immediate: true })
  onScopeDispose(() => {
    stop()
    running.forEach(life => life.abort())
  })
}
