import { computed, onScopeDispose, shallowReactive, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { OrderKey } from '../domain/brand'
import { dryRun, judgeAgain, restore, targetsOf, type Found, type LookError, type LookProgress, type RestoreDeps, type RestoreTarget } from '../flows/restoreOrders'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { useShelfState } from './useShelfState'

export type RestorePhase = 'idle' | 'looking' | 'report' | 'restoring'
type TargetState = 'working' | 'restored' | { readonly failed: string }

const nothingYet: LookProgress = { messages: 0, orders: 0, unreadable: 0 }

/** Looks through what the relays have of the open account, and keeps what a person chooses. Ends with its scope. */
export function useRestore(order: MaybeRefOrGetter<OrderKey | null>) {
  const { mail, clock, relays } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()
  const catalog = useCatalogStore()
  const shelf = useShelfState()
  const phase = shallowRef<RestorePhase>('idle')
  const progress = shallowRef<LookProgress>(nothingYet)
  const found = shallowRef<Found | null>(null)
  const problem = shallowRef<LookError['code'] | null>(null)
  const states = shallowReactive(new Map<RestoreTarget, TargetState>())
  const batch = shallowRef({ done: 0, of: 0 })
  /** How the last restoration of several ended. */
  const outcome = shallowRef<{ readonly restored: number, readonly failed: number, readonly stopped: boolean } | null>(null)
  let life = new AbortController()

  function deps(): RestoreDeps | null {
    const { signer, journal } = account
    return signer === null || journal === null
      ? null
      : { mail, clock, signer, journal, relays: settings.mailRelays, statuses: relays.statuses, shelf: () => shelf.complete.value ? { products: catalog.products, stalls: catalog.stalls } : null }
  }
  const wanted = (): { readonly order?: OrderKey } => {
    const key = toValue(order)
    return key === null ? {} : { order: key }
  }

  async function look(): Promise<void> {
    const doors = deps()
    if (doors === null || phase.value === 'looking' || phase.value === 'restoring')
      return
    life = new AbortController()
    const { signal } = life
    const former = found.value
    // Somebody is there: relays that want to know who reads may have the signer's answer.
    account.tapped()
    phase.value = 'looking'
    progress.value = nothingYet
    problem.value = null
    outcome.value = null
    states.clear()
    const looked = await dryRun(doors, wanted(), {
      signal,
      onProgress: (seen) => { progress.value = seen },
      // What the signer has opened once, it need not open again.
      ...former !== null && { former },
    })
    if (signal !== life.signal)
      return
    found.value = looked.ok ? looked.value : former
    problem.value = looked.ok ? null : looked.error.code
    phase.value = found.value === null ? 'idle' : 'report'
  }

  async function bring(selection: 'all' | readonly RestoreTarget[]): Promise<void> {
    const doors = deps()
    const report = found.value
    if (doors === null || report === null || phase.value !== 'report')
      return
    life = new AbortController()
    const { signal } = life
    const targets = targetsOf(report.report).map(([target]) => target)
    phase.value = 'restoring'
    problem.value = null
    outcome.value = null
    batch.value = { done: 0, of: selection === 'all' ? targets.length : selection.length }
    const done = await restore(doors, report, selection, { signal, onItem(target, result) {
      if (signal !== life.signal)
        return
      states.set(target, result === 'working' ? 'working' : result.ok ? 'restored' : { failed: result.error.code })
      if (result !== 'working')
        batch.value = { ...batch.value, done: batch.value.done + 1 }
    } })
    const judged = await judgeAgain(doors, report, { ...wanted(), signal: new AbortController().signal })
    if (signal !== life.signal)
      return
    found.value = judged
    outcome.value = { restored: done.restored.filter(target => target !== 'rest').length, failed: done.failed.length, stopped: done.left.length > 0 }
    phase.value = 'report'
  }

  function forget(): void {
    life.abort()
    life = new AbortController()
    phase.value = 'idle'
    found.value = null
    problem.value = null
    outcome.value = null
    states.clear()
  }

  // Nobody sees what was found for another account, or another order.
  const stop = watch([() => account.journal, () => toValue(order), () => settings.mailRelays.join()] as const, forget)
  onScopeDispose(() => {
    stop()
    life.abort()
  })

  return {
    phase: computed(() => phase.value),
    progress: computed(() => progress.value),
    found: computed(() => found.value),
    problem: computed(() => problem.value),
    states: states as ReadonlyMap<RestoreTarget, TargetState>,
    batch: computed(() => batch.value),
    outcome: computed(() => outcome.value),
    look,
    restoreAll: () => bring('all'),
    restoreOne: (target: RestoreTarget) => bring([target]),
    cancel: (): void => life.abort(),
  }
}
