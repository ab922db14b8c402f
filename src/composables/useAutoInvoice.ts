import { computed, onScopeDispose, watch } from 'vue'
import type { OrderKey } from '../domain/brand'
import type { Order } from '../domain/order/types'
import { isWithin, failureCode, wantsInvoice, type AnswerRules } from '../domain/order/answer-rules'
import { autoInvoice } from '../flows/autoInvoice'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useDeskHealthStore } from '../stores/desk-health'
import { useInboxStore } from '../stores/inbox'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { useDesk } from './useDesk'
import { useLeading } from './useLeading'
import { localMinute } from './useHeldOrders'
import { useNow } from './useNow'
import { useShelfState } from './useShelfState'

const FIRST_PAUSE = 15
const LONGEST_PAUSE = 600

/** A total in another currency may have come under the bound since. */
const HELD_AGAIN = 600

interface Held { readonly order: Order, readonly rules: AnswerRules, readonly at: number }
interface Failed { readonly times: number, readonly again: number, readonly code: string }

/**
 * Answers new orders while this tab leads, if the merchant wants it and a wallet is connected: also such as came while
 * the desk was closed. It begins when all messages are here, so that an answer given elsewhere is not given twice, and when
 * the listings are: those that this device remembers may be old versions.
 */
export function useAutoInvoice() {
  const { clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const settings = useSettingsStore()
  const inbox = useInboxStore()
  const catalog = useCatalogStore()
  const leading = useLeading()
  const desk = useDesk()
  const shelf = useShelfState()
  const health = useDeskHealthStore()
  const failed = new Map<OrderKey, Failed>()
  /** Answered, but the answer may not have been folded yet: by what the order was then. */
  const held = new Map<OrderKey, Held>()
  const answered = new Map<OrderKey, Order>()
  let running = false
  /** Something came since the present round began. */
  let news = false
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const now = useNow()
  /** Orders of the night are answered when it is over. */
  const open = computed(() => isWithin(settings.answerRules.hours, localMinute(now.value)))
  const ready = computed(() => leading.value && account.maySign && settings.ready && settings.autoInvoice && open.value && desk.source.value !== null && orders.loaded && inbox.progress.caughtUp && shelf.live.value)
  const waiting = computed(() => ready.value ? orders.asMerchant.filter(order => wantsInvoice(order, clock.now())) : [])

  async function run(): Promise<void> {
    news = true
    if (running || ended)
      return
    running = true
    try {
      while (news) {
        news = false
        await answerAll()
      }
    }
    finally {
      running = false
      wakeLater()
    }
  }

  async function answerAll(): Promise<void> {
    // The first placed is the first served: it decides who gets the last piece (T11).
    for (const order of waiting.value.toReversed()) {
      if (ended || !ready.value)
        return
      try {
        await answer(order)
      }
      catch (bug) {
        // The others wait for nothing of it, and it comes again after its pause.
        putOff(order.key, 'bug')
        globalThis.reportError(bug)
      }
    }
  }

  async function answer(order: Order): Promise<void> {
    const deps = desk.sender()
    const source = desk.source.value
    const now = clock.now()
    const kept = held.get(order.key)
    if (kept?.order === order && kept.rules === settings.answerRules && now - kept.at < HELD_AGAIN)
      return
    if (deps === null || source === null || answered.get(order.key) === order || (failed.get(order.key)?.again ?? 0) > now)
      return
    const done = await autoInvoice(desk.invoicing(deps, source), order)
    if (done.ok) {
      failed.delete(order.key)
      held.delete(order.key)
      if (done.value.type === 'held')
        held.set(order.key, { order, rules: settings.answerRules, at: now })
      else if (done.value.type !== 'wait')
        answered.set(order.key, order)
      health.fail(order.key, done.value.type === 'held' ? 'over-limit' : null)
      if (health.answering?.order === order.key)
        health.report('answering', null)
      return
    }
    const code = failureCode(done.error)
    putOff(order.key, code)
    health.fail(order.key, code)
    health.report('answering', { order: order.key, code })
  }

  function putOff(key: OrderKey, code: string): void {
    const times = (failed.get(key)?.times ?? 0) + 1
    failed.set(key, { times, again: clock.now() + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (times - 1)), code })
  }

  /** The merchant has found the way out, or another wallet may do it: nobody waits for the next try. */
  function reserveAnew(): void {
    for (const [key, { code }] of failed) {
      if (code === 'cannot-reserve') {
        failed.delete(key)
        health.fail(key, null)
      }
    }
    if (health.answering?.code === 'cannot-reserve')
      health.report('answering', null)
    void run()
  }

  function wakeLater(): void {
    clearTimeout(timer)
    const next = Math.min(...[...failed].filter(([key]) => waiting.value.some(order => order.key === key)).map(([, { again }]) => again))
    if (!ended && Number.isFinite(next))
      timer = setTimeout(() => void run(), Math.max(1, next - clock.now()) * 1_000)
  }

  watch([waiting, () => settings.answerRules, () => catalog.progress.complete.join(), () => catalog.stalls.size], () => void run(), { immediate: true })
  watch([() => settings.reserve, desk.source], reserveAnew)
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
    health.report('answering', null)
  })
  return { waiting: computed(() => waiting.value.length) }
}
