import { computed, shallowReactive } from 'vue'

/** What was asked for and did not come, each with the way to ask for it once more and how often it has failed. */
const waiting = shallowReactive(new Map<string | symbol, { readonly again: () => void, readonly failures: number }>())

/** A part of the program that the page cannot go on without did not come; null: all did. `stubborn`: not at the second try either. */
export const missingPart = computed(() => waiting.size === 0 ? null : { stubborn: [...waiting.values()].some(({ failures }) => failures > 1) })

/** By the person, or because the network is back. */
export function askAgain(): void {
  for (const [name, { again }] of waiting) {
    waiting.delete(name)
    again()
  }
}

export function reportMissing(name: string | symbol, again: () => void, failures: number): void {
  waiting.set(name, { again, failures })
}

export const hasCome = (name: string): boolean => waiting.delete(name)

/** Resolves when it came. Until then the person is told, and it is asked for anew when they say so or the network is back. */
export async function essential<T>(load: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await load()
    }
    catch {
      await new Promise<void>(resolve => reportMissing(Symbol('part'), resolve, failures))
    }
  }
}

globalThis.addEventListener?.('online', askAgain)
