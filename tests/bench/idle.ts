import type { Browser, CDPSession, Page, WebSocketRoute } from '@playwright/test'
import { startSandbox } from '../../sandbox/sandbox'
import { ADDRESSES, PORTS } from '../e2e/support/addresses'
import { makeInvoice } from '../support/order-invoices'
import { makeHistory } from './history'
import { offerKey, useKey, wantedText } from './inbox'
import { APART_SECONDS } from './wraps'

/** Milliseconds of CPU: the page's own thread, its scripts alone, and the whole process with its workers. */
export interface Cpu { readonly thread: number, readonly script: number, readonly process: number }
export interface IdlePageFigures { readonly lookups: number, readonly still: Cpu, readonly quiet: Cpu, readonly round: Cpu, readonly wholeEvery: number }

const MINUTE = 60_000
/** What came before is written and folded by then. */
const SETTLED = 10_000
const DAY = 24 * 3_600

/**
 * The desk's page in view, nothing happens: a minute without a wallet; one in which only the newest ten invoices are looked up, at LNbits on this
 * machine; and a round in which every open one is, as after each gap of the wallet's line and else every few minutes.
 */
export async function measureIdlePage(browser: Browser, open: number, done: number): Promise<IdlePageFigures> {
  const sandbox = await startSandbox({ relayPort: PORTS.relay, walletPort: PORTS.wallet, lightning: 'ledger', market: false })
  const context = await browser.newContext({ baseURL: ADDRESSES.app, viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' })
  try {
    const now = Math.floor(Date.now() / 1000)
    const issued = await Promise.all(Array.from({ length: open }, () => sandbox.accounts.amina.makeInvoice(30_000, 'bench', DAY)))
    const past = Array.from({ length: done }, (_, index) => ({ ...makeInvoice({ preimage: (index + 1).toString(16).padStart(64, '0'), msat: 30_000, createdAt: now - 90 * DAY, prefix: 'lnbcrt' }), amountMsat: 30_000 }))
    const wraps = [...await makeHistory(issued, false, now - 60), ...await makeHistory(past, true, now - 60 - open * APART_SECONDS)]
    sandbox.relay.load(wraps as unknown as Parameters<typeof sandbox.relay.load>[0])

    const page = await context.newPage()
    let lookups = 0
    page.on('request', request => void (lookups += request.method() === 'GET' && /\/api\/v1\/payments\/[0-9a-f]{64}$/.test(request.url()) ? 1 : 0))
    const lines: WebSocketRoute[] = []
    await page.routeWebSocket(/\/api\/v1\/ws\//, line => void (lines.push(line) && line.connectToServer()))
    const lookedUp = async (count: number): Promise<void> => {
      for (const from = lookups; lookups < from + count;)
        await page.waitForTimeout(50)
      await page.waitForTimeout(1_000)
    }
    await offerKey(page)
    await useKey(page)
    await page.getByText(wantedText(open + done)).first().waitFor({ timeout: 400_000 })
    const session = await context.newCDPSession(page)
    // In ticks of the thread's own clock: what else runs on the machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const aMinute = (): Promise<Cpu> => cpuOf(session, () => page.waitForTimeout(MINUTE))
    await page.waitForTimeout(SETTLED)
    const still = await aMinute()
    await connect(page, sandbox.lnbitsOf.amina)
    await lookedUp(open)
    await page.goto('#/desk/orders')
    await page.waitForTimeout(SETTLED)
    const from = lookups
    const quiet = await aMinute()
    const inQuiet = lookups - from
    const round = await cpuOf(session, async () => {
      const all = lookedUp(open)
      await lines.at(-1)?.close()
      await all
    })
    return { lookups: inQuiet, still, quiet, round, wholeEvery: Math.ceil((open - 10) * 60 / 100) }
  }
  finally {
    await context.close()
    await sandbox.stop()
  }
}

async function connect(page: Page, { url, invoiceKey }: { readonly url: string, readonly invoiceKey: string }): Promise<void> {
  await page.goto('#/desk/settings')
  await page.locator('[data-test=kind-lnbits]').check()
  await page.locator('input[name=lnbits-url]').fill(url)
  await page.locator('input[name=lnbits-key]').fill(invoiceKey)
  await page.locator('[data-test=test-wallet]').click()
  await page.locator('[data-test=wallet-card]').waitFor()
}

async function cpuOf(session: CDPSession, meanwhile: () => Promise<void>): Promise<Cpu> {
  const read = async (): Promise<Cpu> => {
    const { metrics } = await session.send('Performance.getMetrics')
    const ms = (wanted: string): number => 1_000 * (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN)
    return { thread: ms('TaskDuration'), script: ms('ScriptDuration'), process: ms('ProcessTime') }
  }
  const before = await read()
  await meanwhile()
  const after = await read()
  return { thread: Math.round(after.thread - before.thread), script: Math.round(after.script - before.script), process: Math.round(after.process - before.process) }
}
