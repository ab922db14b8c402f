import { defineStore } from 'pinia'
import { shallowReadonly, shallowRef } from 'vue'
import type { Hex32, OrderKey } from '../domain/brand'

/** `wallet`: the id of the connected wallet that it is about. */
export interface DeskProblem { readonly code: string, readonly order: OrderKey | null, readonly wallet?: string }

/** Wallets (by id) that answer no lookup, and invoices that one of them left without an answer. */
export interface Silence { readonly wallets: ReadonlySet<string>, readonly invoices: ReadonlySet<Hex32> }
const isSame = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean => a.size === b.size && [...a].every(one => b.has(one))

/** What the desk's helpers could not do by themselves, until they can again: answering, looking up, taking off stock. */
export const useDeskHealthStore = defineStore('desk-health', () => {
  const answering = shallowRef<DeskProblem | null>(null)
  const lookingUp = shallowRef<DeskProblem | null>(null)
  const stock = shallowRef<DeskProblem | null>(null)
  /** Orders that were tried and could not be answered by themselves, and why. */
  const failures = shallowRef<ReadonlyMap<OrderKey, string>>(new Map())
  const silence = shallowRef<Silence>({ wallets: new Set(), invoices: new Set() })
  const places = { answering, lookingUp, stock } as const
  return {
    answering: shallowReadonly(answering),
    lookingUp: shallowReadonly(lookingUp),
    stock: shallowReadonly(stock),
    failures: shallowReadonly(failures),
    silence: shallowReadonly(silence),
    reportSilence: (next: Silence): void => {
      if (!isSame(next.wallets, silence.value.wallets) || !isSame(next.invoices, silence.value.invoices))
        silence.value = next
    },
    /** @param code null: it was answered, or is to be tried as if for the first time */
    fail: (order: OrderKey, code: string | null): void => {
      if ((failures.value.get(order) ?? null) === code)
        return
      const next = new Map(failures.value)
      if (code === null)
        next.delete(order)
      else
        next.set(order, code)
      failures.value = next
    },
    report: (what: keyof typeof places, problem: DeskProblem | null): void => { places[what].value = problem },
  }
})
