/** A page of the app without its screens: stores and composables on services in memory. */
import { createPinia, setActivePinia, type Pinia } from 'pinia'
import { createApp, effectScope, type EffectScope } from 'vue'
import type { Services } from '../../src/ports/services'
import { servicesKey } from '../../src/stores/services'

export interface Page {
  readonly pinia: Pinia
  /** Runs in the page, as a component's setup would; ends with it, or with `end`. */
  run<T>(work: () => T): { readonly value: T, readonly end: () => void }
  /** In the page, for a store or two. */
  use<T>(work: () => T): T
  close(): void
}

export function openPage(services: Services): Page {
  const app = createApp({ render: () => null })
  const pinia = createPinia()
  app.use(pinia).provide(servicesKey, services)
  const scopes: EffectScope[] = []
  const use = <T>(work: () => T): T => {
    setActivePinia(pinia)
    return app.runWithContext(work)
  }
  return {
    pinia,
    use,
    run(work) {
      const scope = effectScope(true)
      scopes.push(scope)
      const value = use(() => scope.run(work))
      if (value === undefined)
        return { value: value as never, end: () => scope.stop() }
      return { value, end: () => scope.stop() }
    },
    close() {
      scopes.forEach(scope => scope.stop())
      for (const store of Reflect.get(pinia, '_s').values())
        store.$dispose()
    },
  }
}

export async function soon<T>(look: () => T | undefined | null | false, what: string, ms = 10_000): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const found = look()
    if (found !== undefined && found !== null && found !== false)
      return found
    if (Date.now() > end)
      throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
