import { Notify } from 'quasar'
import { afterEach } from 'vitest'

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
