import { defineStore } from 'pinia'
import { shallowReadonly, shallowRef } from 'vue'
import type { OrderKey } from '../domain/brand'

/** `wallet`: the id of the connected wallet that it is about. */
export interface DeskProblem { readonly code: string, readonly order: OrderKey | null, readonly wallet?: string }

/** What the desk's helpers could not do by themselves, until they can again: answering, looking up, taking off stock. */
export const useDeskHealthStore = defineStore('desk-health', () => {
  const answering = shallowRef<DeskProblem | null>(null)
  const lookingUp = shallowRef<DeskProblem | null>(null)
  const stock = shallowRef<DeskProblem | null>(null)
  const places = { answering, lookingUp, stock } as const
  return {
    answering: shallowReadonly(answering),
    lookingUp: shallowReadonly(lookingUp),
    stock: shallowReadonly(stock),
    report: (what: keyof typeof places, problem: DeskProblem | null): void => { places[what].value = problem },
  }
})
