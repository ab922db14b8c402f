import type { Browser } from '@playwright/test'
import { ADDRESSES } from '../e2e/support/addresses'

export interface MarketFigures { readonly what: string, readonly firstMs: number, readonly allMs: number | null, readonly longTasks: number, readonly longestMs: number }

interface Marks { first: number, all: number, tasks: number[], paint: number }

/** Time to the first product card and to the full count on the market page, and tasks over 50 ms after the first paint. */
export async function measureMarket(browser: Browser, products: number): Promise<readonly MarketFigures[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript((wanted: string) => {
    const marks: Marks = { first: 0, all: 0, tasks: [], paint: 0 }
    Object.assign(globalThis, { souk: marks })
    new PerformanceObserver(list => list.getEntries().forEach((entry) => {
      marks.paint ||= entry.startTime
    })).observe({ type: 'paint', buffered: true })
    new PerformanceObserver(list => list.getEntries().forEach((entry) => {
      if (marks.paint > 0 && entry.startTime > marks.paint)
        marks.tasks.push(entry.duration)
    })).observe({ type: 'longtask', buffered: true })
    const look = (): void => {
      if (marks.first === 0 && document.querySelector('[data-test="product-card"]') !== null)
        marks.first = performance.now()
      if (marks.all === 0 && document.querySelector('main')?.textContent.includes(wanted))
        marks.all = performance.now()
      if (marks.all === 0)
        setTimeout(look, 20)
    }
    look()
  }, `${products.toLocaleString('en')} products`)
  const figures: MarketFigures[] = []
  for (const what of ['cold', 'warm']) {
    const page = await context.newPage()
    await page.goto(ADDRESSES.app)
    await page.waitForFunction(() => (globalThis as unknown as { souk: Marks }).souk.all > 0, undefined, { timeout: 60_000 }).catch(() => undefined)
    // What comes in is written to the device a little later.
    await page.waitForTimeout(4_000)
    const marks = await page.evaluate(() => (globalThis as unknown as { souk: Marks }).souk)
    figures.push({ what: `${products} products, ${what}`, firstMs: Math.round(marks.first), allMs: marks.all === 0 ? null : Math.round(marks.all), longTasks: marks.tasks.length, longestMs: Math.round(Math.max(0, ...marks.tasks)) })
    await page.close()
  }
  await context.close()
  return figures
}
