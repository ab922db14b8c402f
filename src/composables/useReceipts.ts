import { onScopeDispose, watch } from 'vue'
import type { OrderKey } from '../domain/brand'
import { ownPayments } from '../domain/order/own-receipts'
import { sendReceipts, type ReceiptError } from '../flows/sendReceipts'
import { useAccountStore } from '../stores/account'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { filled, sentWords } from './sent-words'
import { useLeading } from './useLeading'
import { useSender } from './useSender'

/** A merchant who has not heard of a payment for so long has looked into his wallet. */
const TOLD_WITHIN = 7 * 24 * 3_600
const PAUSES = [2, 10, 60, 600]
/** What a later try may mend. A signer that said no is not asked again before the next reload. */
const PASSING: ReadonlySet<ReceiptError['code']> = new Set(['unavailable', 'locked', 'storage-off', 'storage-full', 'storage-locked', 'no-order'])

/**
 * Receipts for what the own wallet paid, or a service says was paid, sent by the one tab that leads (T13): at once, or after a reload if the page was
 * closed in between. From there the outbox brings them.
 */
export function useReceipts(): void {
  const { clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const leading = useLeading()
  const sender = useSender()
  /** Looked at in this session: by order and payment hash; once more when the proof comes after the word. */
  const seen = new Set<string>()
  /** One after the other for one order: what the first sent, the second finds in the journal. */
  const running = new Map<OrderKey, Promise<void>>()
  let life = new AbortController()
  const begun = clock.now()

  async function follow(key: OrderKey, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      const deps = sender()
      if (deps !== null) {
        const sent = await sendReceipts({ ...deps, receiptWords: ({ number }) => filled(sentWords.receipt, { number }), claimWords: ({ number }) => filled(sentWords.claim, { number }) }, key)
        if (sent.ok || !PASSING.has(sent.error.code))
          return
      }
      await clock.sleep((PAUSES[Math.min(round, PAUSES.length - 1)] ?? 600) * 1_000, signal)
    }
  }

  watch(() => account.journal, () => {
    life.abort()
    life = new AbortController()
    seen.clear()
    running.clear()
  })
  const paid = (): string => {
    // A page that loads asks no signer that asks a person: what is left over from before waits until somebody comes in by hand.
    const oldest = !account.maySign ? begun - 1 : clock.now() - TOLD_WITHIN
    return orders.loaded && leading.value
      ? orders.asShopper.flatMap(order => ownPayments(order).filter(({ at }) => at > oldest).map(({ strength, paymentHash }) => `${strength === 'proved' ? 'p' : 'c'}${paymentHash}:${order.key}`)).join('\n')
      : ''
  }
  watch(paid, (found) => {
    const fresh = found.split('\n').filter(one => one !== '' && !seen.has(one))
    fresh.forEach(one => seen.add(one))
    for (const key of new Set(fresh.map(one => one.slice(66) as OrderKey)))
      running.set(key, (running.get(key) ?? Promise.resolve()).then(() => follow(key, life.signal)))
  }, { immediate: true })
  onScopeDispose(() => life.abort())
}
