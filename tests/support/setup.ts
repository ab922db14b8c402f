// Quasar reads `screen.orientation` when it is installed; happy-dom has none.
if (!('orientation' in globalThis.screen))
  Object.defineProperty(globalThis.screen, 'orientation', { value: { type: 'portrait-primary', angle: 0, addEventListener() {}, removeEventListener() {} } })
