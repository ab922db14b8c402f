import { chromium, type Browser } from '@playwright/test'
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { MessageChannel, Worker } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import globalSetup, { buildSandboxApp } from '../e2e/support/global-setup'
import { BUILD, PORTS } from '../e2e/support/addresses'
import { serveFolders } from '../e2e/support/static-server'
import { chromiumOptions } from '../support/chromium'
import { measureFold } from './fold'
import { measureGivenBack, measureTaken } from './held'
import { measureInbox } from './inbox'
import { measureMarket } from './market'
import { measureSales } from './sale'
import { measureIdlePage } from './idle'
import { makeListings } from './listings'
import { printMoney } from './money'
import { measureUnwrapRates } from './unwrap-rates'
import { measureVerifyRates } from './verify-rates'
import { countWire } from './wire-count'
import { makeWraps } from './wraps'
import type { TaskPort } from '../../src/nostr/verifier-over-ports'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Prints figures; judges nothing. Sizes, a sale, markets of 1,000 and 10,000, inboxes of as many gift wraps, the fold of 10,000
 * orders. `npm run bench -- sale` does sizes and sales alone, `-- messages` the inboxes, `-- messages 1000` those of that size,
 * `-- money` invoices and the watching of open ones, by the plan and in a browser, `-- money 10000` after so many done orders.
 */
export async function main([only, ...sizes]: readonly string[] = []): Promise<number> {
  if (only === 'messages')
    return printMessages(sizes.length > 0 ? sizes.map(Number) : undefined)
  if (only === 'money') {
    printMoney()
    return printIdle(sizes.length > 0 ? sizes.map(Number) : undefined)
  }
  const stop = await globalSetup()
  const browser = await chromium.launch(chromiumOptions())
  try {
    console.log('\nFirst load by route (dist/)')
    spawnSync(process.execPath, ['-e', 'import("./.ci/weigh.mjs").then(({ weigh }) => weigh("dist"))'], { cwd: root, stdio: 'inherit' })
    await printSales(browser)
  }
  finally {
    await stop()
  }
  if (only === 'sale')
    return browser.close().then(() => 0)
  const server = await serveFolders(PORTS.app, { '/some/shop/': path.join(root, BUILD) })
  try {
    console.log('\nThe market from a relay on this machine, pages of 500')
    for (const products of [1_000, 10_000]) {
      const end = await startBenchRelay(products)
      for (const { what, firstMs, allMs, longTasks, longestMs } of await measureMarket(browser, products))
        console.log(`${what.padEnd(24)} first ${String(firstMs).padStart(6)} ms   all ${allMs === null ? 'not within a minute' : `${String(allMs).padStart(6)} ms`}   tasks over 50 ms: ${longTasks}, longest ${longestMs} ms`)
      await end()
    }
  }
  finally {
    server.closeAllConnections()
    server.close()
    await browser.close()
  }
  await printMessages()
  await printVerifyRates()
  printMoney()
  await printIdle()
  const fold = measureFold(10_000)
  console.log(`\nfold of 10,000 orders, 4 messages each: best ${fold.bestMs} ms, median ${fold.medianMs} ms`)
  return 0
}

/** The relay's own port, behind the line that counts. */
const BEHIND = 5

async function printSales(browser: Browser): Promise<void> {
  console.log('\nSales between two browsers')
  for (const source of ['nwc', 'lnbits', 'lightning-address'] as const) {
    const { placedToRow, paidToDesk, paidToScreen } = await measureSales(browser, source, 4)
    printTimes(source, { 'place order → merchant\'s row': placedToRow, 'paid at wallet → merchant sees': paidToDesk, 'paid at wallet → shopper sees': paidToScreen })
  }
  printTimes('nwc, held', await measureTaken(browser, 4))
  printTimes('nwc, given back', await measureGivenBack(browser, 4))
}

function printTimes(label: string, figures: Readonly<Record<string, readonly number[]>>): void {
  for (const [what, [first, ...later]] of Object.entries(figures))
    console.log(`${label.padEnd(18)} ${what.padEnd(31)} first ${first} ms, then ${later.join(', ')} ms   ${spread([first ?? 0, ...later])}`)
}

function spread(all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b)
  const median = ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
  return `min ${sorted[0]}, median ${Math.round(median)}, max ${sorted.at(-1)}`
}

async function printMessages(sizes = [1_000, 10_000]): Promise<number> {
  const { bare, worker } = await measureUnwrapRates(await makeWraps(1_000, Math.floor(Date.now() / 1000)))
  console.log('\nGift wraps a second, one thread, in Node')
  console.log(`key agreement, two decryptions, seal's signature   ${bare}`)
  console.log(`all that a worker does                             ${worker}   ${Math.round(100 * worker / bare)} % of bare`)
  buildSandboxApp()
  const browser = await chromium.launch(chromiumOptions())
  const server = await serveFolders(PORTS.app, { '/some/shop/': path.join(root, BUILD) })
  try {
    console.log('\nGift wraps from a relay on this machine, opened, kept and folded')
    for (const orders of sizes) {
      const end = await startBenchRelay(0, orders, PORTS.relay + BEHIND)
      const line = await countWire(PORTS.relay, PORTS.relay + BEHIND)
      try {
        for (const { what, ms, wireBytes, longTasks, longestMs } of await measureInbox(browser, orders, line.bytes)) {
          const share = what.includes('empty') && ms !== null ? `   ${Math.round(orders / (ms / 1000))} a second, ${Math.round(100 * orders / (ms / 1000) / bare)} % of bare` : ''
          console.log(`${what.padEnd(28)} ${ms === null ? 'not within four minutes' : `${String(ms).padStart(6)} ms`}   ${(wireBytes / 1000).toFixed(0).padStart(6)} kB   tasks over 50 ms: ${longTasks}, longest ${longestMs} ms${share}`)
        }
      }
      finally {
        line.close()
        await end()
      }
    }
  }
  finally {
    server.closeAllConnections()
    server.close()
    await browser.close()
  }
  return 0
}

/** @param sizes done orders; 10,000 take many minutes to be written and read before anything is measured */
async function printIdle(sizes = [0, 1_000]): Promise<number> {
  buildSandboxApp()
  const browser = await chromium.launch(chromiumOptions())
  const server = await serveFolders(PORTS.app, { '/some/shop/': path.join(root, BUILD) })
  try {
    console.log('\nCPU of the desk\'s page in view, 500 open invoices at LNbits, nothing is paid')
    for (const done of sizes) {
      const { lookups, still, quiet, round, wholeEvery } = await measureIdlePage(browser, 500, done)
      for (const [what, one] of [['a minute without a wallet', still], [`a minute with ${lookups} lookups`, quiet], [`a round of all 500, one in ${wholeEvery} s`, round]] as const)
        console.log(`500 open, ${String(done).padStart(6)} done   ${what.padEnd(33)} page's thread ${one.thread} ms (scripts ${one.script}), with workers ${one.process} ms`)
    }
  }
  finally {
    server.closeAllConnections()
    server.close()
    await browser.close()
  }
  return 0
}

async function printVerifyRates(): Promise<void> {
  const frames = (await makeListings(5_000, Math.floor(Date.now() / 1000))).map(event => JSON.stringify(['EVENT', 's1', event]))
  const workers = await Promise.all([1, 2].map(startVerifyWorker))
  const rates = await measureVerifyRates(frames, count => workers.slice(0, count).map(portTo))
  await Promise.all(workers.map(worker => worker.terminate()))
  const share = (rate: number): string => `${Math.round(100 * rate / rates.bare)} % of bare`
  console.log(`\nEvents a second, from frame text to finished listing, in Node, ${frames.length} listings`)
  console.log(`nostr-wasm alone, one thread   ${rates.bare}`)
  console.log(`all of it, one worker          ${rates.oneWorker}   ${share(rates.oneWorker)}`)
  console.log(`all of it, two workers         ${rates.twoWorkers}   ${share(rates.twoWorkers)}`)
  console.log(`without the signature          ${rates.decode}`)
}

async function startVerifyWorker(): Promise<Worker> {
  const worker = new Worker(path.join(root, '.ci', 'run-ts.mjs'), { argv: ['tests/bench/verify-worker.ts'] })
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  return worker
}

function portTo(worker: Worker): TaskPort {
  const { port1, port2 } = new MessageChannel()
  worker.postMessage(port2, [port2])
  return port1 as unknown as TaskPort
}

async function startBenchRelay(products: number, wraps = 0, port: number = PORTS.relay): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['.ci/run-ts.mjs', 'tests/bench/bench-relay.ts', String(port), String(products), String(wraps)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Uint8Array) => new TextDecoder().decode(data).includes('ready') && resolve())
    child.once('exit', () => reject(new Error('the relay of the benchmark ended')))
  })
  return async () => {
    child.removeAllListeners('exit')
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
}
