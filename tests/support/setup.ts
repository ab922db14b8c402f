import { Notify } from 'quasar'
import { afterAll, afterEach, vi } from 'vitest'

// Quasar reads `screen.orientation` when it is installed; happy-dom has none.
if (!('orientation' in globalThis.screen))
  Object.defineProperty(globalThis.screen, 'orientation', { value: { type: 'portrait-primary', angle: 0, addEventListener() {}, removeEventListener() {} } })

// Notices outlive the page that showed them, and files share a document: each test's own go with it.
type Create = (typeof Notify)['create']
const dismissals: (() => void)[] = []
let create: Create = Notify.create
Object.defineProperty(Notify, 'create', {
  configurable: true,
  get: (): Create => (options) => {
    const dismiss = create(options)
    dismissals.push(dismiss)
    return dismiss
  },
  set: (installed: Create) => { create = installed },
})
afterEach(() => dismissals.splice(0).forEach(dismiss => dismiss()))

/** Longer than a page waits until it fetches ahead what a tap may ask for. */
const REST_MS = 350
// What is still loading when the document goes would be broken for every file after it: modules are loaded once a thread.
afterAll(async () => {
  await new Promise(resolve => setTimeout(resolve, REST_MS))
  await vi.dynamicImportSettled()
})
