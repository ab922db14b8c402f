import { defineAsyncComponent, defineComponent, getCurrentScope, h, onMounted, onScopeDispose, ref, shallowRef, watch, type Component, type Ref } from 'vue'
import PartMissing from './PartMissing.vue'

/** Fetches one chunk; as `() => import('./X.vue')`, so that the build can tell what it is. */
export type Load<T> = () => Promise<T>

/** Long enough for the page to be there first where the browser cannot say that it has nothing to do. */
const REST_MS = 300

/**
 * A part of a page that only some need, loaded when it is first shown. Nothing stands in its place while it comes, so load it
 * ahead of that (`loadWhenIdle`, `usePartsOf`); where it does not come, that is said, with a way to try again.
 */
export function lazyPart<T extends Component>(load: Load<{ readonly default: T }>): T {
  const again = shallowRef<(() => void) | null>(null)
  let failures = 0
  const Waiting = defineComponent({
    name: 'PartWaiting',
    // What is meant for the part must not become the note's own words.
    inheritAttrs: false,
    setup: () => () => again.value === null ? null : h(PartMissing, { stubborn: failures > 1, onAgain: tryAgain }),
  })

  function tryAgain(): void {
    const retry = again.value
    again.value = null
    retry?.()
  }

  return defineAsyncComponent<T>({
    loader: async () => (await load()).default,
    loadingComponent: Waiting,
    delay: 0,
    suspensible: false,
    // Neither given up nor thrown: it waits for whoever presses the button.
    onError(_error, retry, _fail, attempts) {
      failures = attempts
      again.value = retry
    },
  })
}

/** Fetches ahead what a tap may ask for, once the page has nothing else to do. What does not come is asked for again when it is shown. */
export function loadWhenIdle(...loads: readonly Load<unknown>[]): void {
  let cancel = (): void => undefined
  const fetchAll = (): void => loads.forEach(load => void load().catch(() => undefined))
  onMounted(() => {
    if (typeof requestIdleCallback === 'function') {
      const asked = requestIdleCallback(fetchAll, { timeout: 5_000 })
      cancel = () => cancelIdleCallback(asked)
    }
    else {
      const timer = setTimeout(fetchAll, REST_MS)
      cancel = () => clearTimeout(timer)
    }
  })
  onScopeDispose(() => cancel())
}

/** Becomes true when it is first wanted, and stays: a sheet that has closed gives the focus back only where it is still there. */
export function onceWanted(wanted: () => boolean): Readonly<Ref<boolean>> {
  const was = ref(wanted())
  const stop = watch(wanted, (now) => {
    if (now)
      was.value = true
  }, { flush: 'sync' })
  if (getCurrentScope() !== undefined)
    onScopeDispose(stop)
  return was
}

/** What came, or was tried: nothing waits for it a second time. */
const settled = new WeakSet<Load<unknown>>()

/**
 * Whether what a thing needs from the first is here, so that it is shown whole and nothing moves when a part comes. What is
 * shown stays: a part that is needed later comes into it. What fails to come counts as here, and is said in its place.
 * @param key of what is shown; null = nothing yet
 */
export function usePartsOf(key: () => string | null, needs: () => readonly Load<unknown>[]): Readonly<Ref<boolean>> {
  const isWhole = ref(false)
  // At once, so that it is not shown first and taken away again.
  watch(key, async (now) => {
    const loads = now === null ? [] : needs().filter(load => !settled.has(load))
    isWhole.value = now !== null && loads.length === 0
    if (now === null || isWhole.value)
      return
    await Promise.allSettled(loads.map(load => load()))
    loads.forEach(load => settled.add(load))
    if (key() === now)
      isWhole.value = true
  }, { immediate: true, flush: 'sync' })
  return isWhole
}
