import type { App } from 'vue'

/**
 * What can be expected to fail is a value and has its sentence (composables/error-text.ts). Whatever arrives here is a bug:
 * it is handed to the browser once, with its stack, and never with what was being worked on; App.vue says so on the page.
 */
export function catchBugs(app: App): void {
  app.config.errorHandler = (thrown) => {
    globalThis.reportError(thrown)
  }
}
