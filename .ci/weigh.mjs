// First-load bytes of each route, from the build's manifest: what index.html names and what the route's chunk imports.
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** Goal of the issue: script and style of the market route, gzip, bytes. */
export const BUDGET = 200_000
/** Script and style of any route, gzip, bytes: what only some orders need comes when it is needed. */
export const ROUTE_BUDGET = 250_000

const sizeOf = (folder, file) => {
  const bytes = readFileSync(path.join(folder, file))
  return { raw: statSync(path.join(folder, file)).size, gzip: gzipSync(bytes, { level: 9 }).length }
}

/** Every file that a chunk needs before it can run: itself, its static imports, their styles. */
function closure(manifest, key, files = new Set(), seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key))
    return files
  seen.add(key)
  files.add(chunk.file)
  for (const css of chunk.css ?? [])
    files.add(css)
  for (const next of chunk.imports ?? [])
    closure(manifest, next, files, seen)
  return files
}

/** @returns {{ route: string, raw: number, gzip: number, files: number }[]} one row a route, the entry included. */
export function routeWeights(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, '.vite', 'manifest.json'), 'utf8'))
  const entry = Object.keys(manifest).find(key => manifest[key].isEntry)
  // Other chunks of the folder are parts that a page loads later.
  const pages = Object.keys(manifest).filter(key => /src\/pages\/.*Page\.vue$/.test(key))
  // Layouts are loaded with their pages.
  const layout = page => Object.keys(manifest).find(key => key.endsWith(page.includes('/merchant/') ? 'MerchantLayout.vue' : 'ShopperLayout.vue'))
  return pages.map((page) => {
    const files = closure(manifest, entry)
    closure(manifest, page, files)
    const around = layout(page)
    if (around)
      closure(manifest, around, files)
    const sizes = [...files].map(file => sizeOf(folder, file))
    return {
      route: page.replace('src/pages/', '').replace('.vue', ''),
      raw: sizes.reduce((sum, size) => sum + size.raw, 0),
      gzip: sizes.reduce((sum, size) => sum + size.gzip, 0),
      files: files.size,
    }
  }).sort((a, b) => a.gzip - b.gzip)
}

/** Prints the table; false when the market route is over its budget, or any route over that of all. */
export function weigh(folder) {
  const rows = routeWeights(folder)
  for (const row of rows)
    console.log(`${row.route.padEnd(28)} ${(row.raw / 1000).toFixed(1).padStart(8)} kB raw ${(row.gzip / 1000).toFixed(1).padStart(8)} kB gzip  ${row.files} files`)
  const market = rows.find(row => row.route.endsWith('MarketPage'))
  if (!market) {
    console.error('The build has no market page.')
    return false
  }
  console.log(`market route, first load: ${(market.gzip / 1000).toFixed(1)} kB gzip of ${BUDGET / 1000} kB`)
  const heavy = rows.filter(row => row.gzip > ROUTE_BUDGET)
  for (const row of heavy)
    console.error(`${row.route}: ${(row.gzip / 1000).toFixed(1)} kB gzip, over the ${ROUTE_BUDGET / 1000} kB of any route`)
  return market.gzip <= BUDGET && heavy.length === 0
}
