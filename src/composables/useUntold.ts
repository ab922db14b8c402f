import { computed, onScopeDispose, watch } from 'vue'
import type { OrderKey } from '../domain/brand'
import { untoldOf, type Untold } from '../domain/order/untold'
import type { Order } from '../domain/order/types'
import type { Result } from '../domain/result'
import { useAccountStore } from '../stores/account'
import { useInboxStore } from '../stores/inbox'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { resolveRefund, tellCounted, tellExcess, tellRefunded, tellUnderpaid } from './desk-flows'
import { inTurn } from './in-turn'
import { filled, sentWords } from './sent-words'
import { useLeading } from './useLeading'
import { amountText } from './useMoney'
import { useRefundDeps } from './useRefundDeps'
import { useRefundWallet } from './useRefundWallet'
import { useSender } from './useSender'

/** Whoever counted the money says so himself, in the same breath: this comes after him, where he did not get that far. */
const FIRST: Readonly<Record<Untold['what'], number>> = { 'paid': 60, 'underpaid': 1, 'excess': 3, 'refunded': 30, 'refund-unknown': 5 }
const APART = 6
const PAUSES = [10, 30, 60, 300, 600]
/** About a day; the next start begins anew. */
const ROUNDS = 150
const AT_ONCE = 20
/** Older orders have been cleared up between people. */
const WITHIN = 60 * 24 * 3_600
/** What a later try may mend. A signer that said no is not asked again before the next reload. */
const PASSING: ReadonlySet<string> = new Set(['unavailable', 'locked', 'storage-off', 'storage-full', 'storage-locked', 'no-order', 'not-loaded'])

interface Job { readonly name: string, readonly key: OrderKey, readonly untold: Untold }

/**
 * Says to shoppers what a crash, a lock or a lost page kept from being said about their money, and asks wallets what became of
 * refunds, for all orders while this tab leads (T9, T13). It only speaks and asks: nothing here pays.
 */
export function useUntold(): void {
  const { clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const inbox = useInboxStore()
  const leading = useLeading()
  const sender = useSender()
  const wallet = useRefundWallet()
  const refundDeps = useRefundDeps()
  const running = new Set<string>()
  const refused = new Set<string>()
  let life = new AbortController()

  const known = new WeakMap<Order, readonly Job[]>()
  function jobsOf(order: Order): readonly Job[] {
    const found = known.get(order) ?? untoldOf(order).map(untold => ({ name: `${untold.what} ${'refund' in untold ? untold.refund : 'payment' in untold ? untold.payment : ''} ${order.key}`, key: order.key, untold }))
    known.set(order, found)
    return found
  }
  // What another device said is here before anything is said again.
  const ready = computed(() => leading.value && account.maySign && orders.loaded && inbox.progress.caughtUp)
  const jobs = computed<ReadonlyMap<string, Job>>(() => {
    if (!ready.value)
      return new Map()
    const oldest = clock.now() - WITHIN
    const all = orders.asMerchant.filter(({ updatedAt }) => updatedAt > oldest).flatMap(jobsOf)
    return new Map(all.filter(({ untold }) => untold.what !== 'refund-unknown' || wallet.connected.value).map(job => [job.name, job]))
  })

  async function attempt({ key, untold }: Job): Promise<Result<unknown, { readonly code: string }> | null> {
    const deps = sender()
    const refunding = await refundDeps(key)
    if (deps === null || !refunding.ok)
      return null
    switch (untold.what) {
      case 'paid': return tellCounted({ ...deps, paidWords: sentWords.paid }, key)
      case 'underpaid': return tellUnderpaid({ ...deps, underpaidWords: ({ number }, arrived, asked) => filled(sentWords.underpaid, { number, arrived: amountText(arrived), asked: amountText(asked) }) }, key)
      case 'excess': return tellExcess({ ...deps, excessWords: ({ number }, { what, msat }) => filled(sentWords.excess[what], { number, amount: amountText(msat) }) }, key, untold.payment)
      case 'refunded': return tellRefunded(refunding.value, key, untold.refund)
      case 'refund-unknown': {
        const payer = wallet.payer()
        return payer === null ? null : resolveRefund({ ...refunding.value, payer }, key)
      }
    }
  }

  async function follow(job: Job, signal: AbortSignal): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      // Two desks that hear of it at once are not to say it at once.
      const pause = round === 0 ? FIRST[job.untold.what] + clock.random() * APART : PAUSES[Math.min(round - 1, PAUSES.length - 1)] ?? 600
      await clock.sleep(pause * 1_000, signal)
      if (signal.aborted || !jobs.value.has(job.name))
        return
      const done = await inTurn(job.key, () => attempt(job))
      // Said is said, even where this device does not read it back.
      const isSaid = done?.ok === true && job.untold.what !== 'refund-unknown'
      if (isSaid || (done?.ok === false && !PASSING.has(done.error.code))) {
        refused.add(job.name)
        return
      }
    }
    refused.add(job.name)
  }

  function begin(): void {
    const { signal } = life
    for (const job of jobs.value.values()) {
      if (running.size >= AT_ONCE)
        return
      if (running.has(job.name) || refused.has(job.name))
        continue
      running.add(job.name)
      void follow(job, signal).catch(bug => globalThis.reportError(bug)).finally(() => {
        // Of another account there is nothing here any more.
        if (signal.aborted)
          return
        running.delete(job.name)
        begin()
      })
    }
  }

  watch(() => account.journal, () => {
    life.abort()
    life = new AbortController()
    running.clear()
    refused.clear()
  })
  watch(jobs, begin, { immediate: true })
  onScopeDispose(() => life.abort())
}
