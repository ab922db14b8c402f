/** A program that ends between any two steps: every asynchronous door counts, and at one of them nothing goes on. */
export interface Fuse {
  /** Doors that were used so far. */
  readonly used: () => number
  wrap<T extends object>(door: T): T
  /** Runs to the end, or to the crash. */
  run<T>(work: () => Promise<T>): Promise<T | 'crashed'>
}

const DOORS: ReadonlySet<string> = new Set(['append', 'appendAll', 'saveDelivery', 'messagesOf', 'compose', 'publish', 'create', 'lookup', 'settleHold', 'cancelHold', 'pay', 'resolve', 'sign', 'undelivered', 'rate'])

/**
 * @param at the door, counted from 1, at which the program ends; 0: never
 * @param when before the door did its work, or after, with its answer lost
 */
export function fuse(at: number, when: 'before' | 'after'): Fuse {
  let used = 0
  let crash = (): void => undefined
  const crashed = new Promise<'crashed'>((resolve) => { crash = () => resolve('crashed') })
  const never = new Promise<never>(() => undefined)

  async function step(work: () => unknown): Promise<unknown> {
    used += 1
    const mine = used
    if (at !== 0 && (mine > at || (mine === at && when === 'before'))) {
      crash()
      return never
    }
    const result = await work()
    if (mine !== at)
      return result
    crash()
    return never
  }

  return {
    used: () => used,
    wrap: door => new Proxy(door, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function')
          return value
        return (...given: unknown[]): unknown => {
          const run = (): unknown => Reflect.apply(value, target, given)
          return DOORS.has(String(name)) ? step(run) : run()
        }
      },
    }),
    run: work => Promise.race([work(), crashed]),
  }
}
