// Draws the installable icons from public/favicon.svg with an installed Chromium. Run by hand when the drawing changes.
import { readFileSync, mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'

const svg = readFileSync('public/favicon.svg', 'utf8')
mkdirSync('public/icons', { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

/** `full`: the ground reaches the edges and the sign is smaller, because the system cuts the corners itself. */
async function draw(name, size, full) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const drawing = full ? svg.replace('rx="112"', '').replace(/(<path.*<circle[^>]*>)/s, '<g transform="translate(51 51) scale(.8)">$1</g>') : svg
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`)
  await page.screenshot({ path: `public/icons/${name}.png`, omitBackground: !full })
  await page.close()
}

await draw('icon-192', 192, false)
await draw('icon-512', 512, false)
await draw('maskable-512', 512, true)
await draw('apple-touch-icon', 180, true)
await browser.close()
