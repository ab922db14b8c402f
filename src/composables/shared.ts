import { effectScope, onScopeDispose } from 'vue'
import type { Services } from '../ports/services'
import { useServices } from '../stores/services'

/**
 * A composable that all its users on one page share: it begins with the first and ends with the last of them. Two apps
 * in one process share nothing.
 */
export function shared<T extends object>(make: () => T): () => T {
  const running = new WeakMap<Services, { users: number, readonly value: T, readonly end: () => void }>()

  function begin(services: Services) {
    const scope = effectScope(true)
    const value = scope.run(make)
    if (value === undefined)
      throw new TypeError('a scope that has ended runs nothing')
    const one = { users: 0, value, end: () => scope.stop() }
    running.set(services, one)
    return one
  }

  return () => {
    const services = useServices()
    const one = running.get(services) ?? begin(services)
    one.users += 1
    onScopeDispose(() => {
      one.users -= 1
      if (one.users > 0)
        return
      running.delete(services)
      one.end()
    })
    return one.value
  }
}
