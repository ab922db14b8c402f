import type { Browser, Page } from '@playwright/test'
import { nsecEncode } from 'nostr-tools/nip19'
import WebSocket from 'ws'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { ADDRESSES } from '../e2e/support/addresses'
import { MERCHANT, makeWraps } from './wraps'

export interface InboxFigures { readonly what: string, readonly ms: number | null, readonly wireBytes: number, readonly longTasks: number, readonly longestMs: number }

interface Marks { done: number, tasks: number[] }
const marksOf = (page: Page): Promise<Marks> => page.evaluate(() => (globalThis as unknown as { souk: Marks }).souk)

/** Runs in the page: watches for the count of orders, and for tasks over 50 ms. */
function watchPage(): void {
  const marks: Marks = { done: 0, tasks: [] }
  Object.assign(globalThis, { souk: marks })
  new PerformanceObserver(list => list.getEntries().forEach(entry => marks.tasks.push(entry.duration))).observe({ type: 'longtask' })
}
function watchCount(wanted: string): void {
  const { souk } = globalThis as unknown as { souk: Marks }
  souk.tasks.length = 0
  souk.done = 0
  const began = performance.now()
  const look = (): void => {
    if (document.querySelector('[data-test=count]')?.textContent?.includes(wanted))
      souk.done = performance.now() - began
    else
      setTimeout(look, 20)
  }
  look()
}

/** The merchant of the wraps, about to sign in. */
export async function offerKey(page: Page): Promise<void> {
  await page.goto(`${ADDRESSES.app}#/sign-in?next=/desk/orders`)
  await page.locator('[data-test=other-ways]').click()
  await page.locator('[data-test=sign-in-key]').click()
  await page.locator('input[data-test=secret], [data-test=secret] input').fill(nsecEncode(MERCHANT))
  await page.locator('input[name=password]').fill('correct horse battery')
}
export async function useKey(page: Page): Promise<void> {
  await page.locator('[data-test=use-key]').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))
}

export const wantedText = (orders: number): string => `of ${orders.toLocaleString('en')}`

async function waitFor(page: Page): Promise<void> {
  await page.waitForFunction(() => (globalThis as unknown as { souk: Marks }).souk.done > 0, undefined, { timeout: 240_000 }).catch(() => undefined)
  // What is written and folded a little later counts as well.
  await page.waitForTimeout(2_000)
}

/** A merchant's key on an empty device until all orders are at the desk; then a reload with ten new ones. @param wire bytes sent to the page so far */
export async function measureInbox(browser: Browser, orders: number, wire: () => number): Promise<readonly InboxFigures[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.addInitScript(watchPage)
  await offerKey(page)
  const before = wire()
  await useKey(page)
  await page.evaluate(watchCount, wantedText(orders))
  await waitFor(page)
  const first = await marksOf(page)
  const figures: InboxFigures[] = [figuresOf(`${orders} from an empty device`, first, wire() - before)]

  await page.waitForTimeout(3_000)
  await publish(await makeWraps(10, Math.floor(Date.now() / 1000), 'late'))
  // While it is away they came; a page that is open would have them already.
  const atReturn = wire()
  await page.addInitScript(watchCount, wantedText(orders + 10))
  await page.reload()
  await waitFor(page)
  figures.push(figuresOf(`10 new among ${orders}`, await marksOf(page), wire() - atReturn))
  await context.close()
  return figures
}

const figuresOf = (what: string, { done, tasks }: Marks, wireBytes: number): InboxFigures =>
  ({ what, ms: done === 0 ? null : Math.round(done), wireBytes, longTasks: tasks.length, longestMs: Math.round(Math.max(0, ...tasks)) })

async function publish(events: readonly NostrEvent[]): Promise<void> {
  const socket = new WebSocket(ADDRESSES.relay)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  let left = events.length
  await new Promise<void>((resolve) => {
    socket.on('message', () => {
      if (--left === 0)
        resolve()
    })
    events.forEach(event => socket.send(JSON.stringify(['EVENT', event])))
  })
  socket.close()
}
