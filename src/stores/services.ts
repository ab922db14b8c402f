import { inject, type InjectionKey } from 'vue'
import type { Services } from '../ports/services'

/** Where app/container.ts, or a test, hands in the doors of the house. */
export const servicesKey: InjectionKey<Services> = Symbol('services')

/** The one way to a port. @throws TypeError outside of a component, store or `app.runWithContext`: a bug of the caller. */
export function useServices(): Services {
  const services = inject(servicesKey, null)
  if (services === null)
    throw new TypeError('no services were provided')
  return services
}
