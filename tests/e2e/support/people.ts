import type { BrowserContext, Page } from '@playwright/test'
import { test as base, expect } from '@playwright/test'
import { ADDRESSES } from './addresses'

/** Somebody with a browser of their own: nothing shared with the other but the relay. */
export interface Person { readonly context: BrowserContext, readonly page: Page }

interface Stage {
  /** `installs`: with the service worker, which puts the whole app onto the device: of weight only where a story is about that. A fresh browser profile on the app. Console errors and page errors of everybody fail the story. */
  readonly arrive: (path?: string, options?: { readonly phone?: boolean, readonly installs?: boolean }) => Promise<Person>
  /** Lines that a story provokes on purpose (a stopped relay): matched lines are no failure. */
  readonly tolerate: (pattern: RegExp) => void
}

/** The browser itself reports a refused connection; a page cannot keep it from doing so. */
const BROWSER_OWN = [/WebSocket connection to .* failed/, /net::ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED)/,
  // A picture that the service worker asked for in vain.
  /net::ERR_FAILED @ .*\/images\//]

export const test = base.extend<Stage & { tolerated: RegExp[], complaints: string[] }>({
  tolerated: async ({}, use) => use([]),
  complaints: async ({ tolerated }, use) => {
    const complaints: string[] = []
    await use(complaints)
    expect(complaints.filter(line => !tolerated.some(pattern => pattern.test(line))), 'console errors').toEqual([])
  },
  tolerate: async ({ tolerated }, use) => use((pattern) => {
    tolerated.push(pattern)
  }),
  arrive: async ({ browser, complaints }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (path = '', options = {}) => {
      const context = await browser.newContext({
        baseURL: ADDRESSES.app,
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
        viewport: options.phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
        hasTouch: options.phone ?? false,
        serviceWorkers: options.installs ? 'allow' : 'block',
      })
      contexts.push(context)
      context.on('page', (page) => {
        page.on('console', message => message.type() === 'error' && complaints.push(`${message.text()} @ ${message.location().url}`))
        page.on('pageerror', error => complaints.push(`${error.name}: ${error.message}`))
      })
      const page = await context.newPage()
      await page.goto(path)
      return { context, page }
    })
    await Promise.all(contexts.map(context => context.close()))
  },
})

export { BROWSER_OWN, expect }
