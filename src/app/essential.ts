import { computed, shallowReactive } from 'vue'

/** What was asked for and did not come, each with the way to ask for it once more and how often it has failed. */
const waiting = shallowReactive(new Map<string | symbol, { readonly again: () => void, readonly failures: number, readonly byItself: boolean }>())

/** A part of the program that the page cannot go on without did not come; null: all did. `stubborn`: not at the second try either. */
export const missingPart = computed(() => waiting.size === 0 ? null : { stubborn: [...waiting.values()].some(({ failures }) => failures > 1) })

/** By the person: for all that is missing. */
export const askAgain = (): void => ask(() => true)

/** The network is back: only for what takes nobody away from where they are. */
export function whenOnline(): void {
  ask(({ byItself }) => byItself)
}

function ask(which: (missing: { readonly byItself: boolean }) => boolean): void {
  for (const [name, missing] of waiting) {
    if (!which(missing))
      continue
    waiting.delete(name)
    missing.again()
  }
}

/** @param byItself it may come without a word when the network is back, minutes later, whatever the person does by then */
export function reportMissing(name: string | symbol, again: () => void, failures: number, byItself = true): void {
  waiting.set(name, { again, failures, byItself })
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

globalThis.addEventListener?.('online', whenOnline)
