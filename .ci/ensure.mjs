// What a fresh clone lacks: packages and a browser. Plain Node, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = path.join(root, 'node_modules', '.souk-installed')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** Stops with a plain sentence on a Node that is too old. */
export function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19))
    return
  console.error(`Souk needs Node 20.19 or newer; this is ${process.versions.node}. Get one at nodejs.org, then run the same command again.`)
  process.exit(1)
}

/** Installs the packages of the lockfile when they are missing or the lockfile changed since. */
export function ensureInstalled() {
  ensureNode()
  const wanted = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json'))).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)
    return
  console.log('Installing packages (once; about a minute) …')
  const install = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (install.status !== 0) {
    console.error('The packages could not be installed. Is the package registry reachable? Nothing else was changed; run the command again.')
    process.exit(1)
  }
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

const isRunnable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  }
  catch {
    return false
  }
}

const onPath = name => (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, name)).find(isRunnable)

const MAC = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** An installed Chromium, by path; undefined when there is none. */
export function installedChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named && isRunnable(named))
    return named
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath).find(Boolean) ?? MAC.find(isRunnable)
}

async function playwrightChromium() {
  const { chromium } = await import('@playwright/test')
  const file = chromium.executablePath()
  return file && isRunnable(file) ? file : undefined
}

/**
 * A Chromium to test with: an installed one, else what playwright can fetch, else the system's package manager.
 * Stops with a plain sentence when none of them works.
 */
export async function ensureChromium() {
  const found = installedChromium() ?? await playwrightChromium()
  if (found)
    return found
  console.log('No Chromium here; trying to install one …')
  const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js')
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { cwd: root, stdio: 'ignore', timeout: 180_000 })
  const fetched = await playwrightChromium()
  if (fetched)
    return fetched
  if (process.platform === 'linux' && onPath('apt-get')) {
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
    for (const words of [['apt-get', 'update', '-q'], ['apt-get', 'install', '-y', '-q', 'chromium']]) {
      const [command, ...args] = [...sudo, ...words]
      spawnSync(command, args, { stdio: 'ignore', timeout: 400_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  }
  const installed = installedChromium()
  if (installed)
    return installed
  console.error('The browser tests need Chromium, and none could be installed. Install Chromium or Chrome, or name one in CHROMIUM_PATH, then run the command again.')
  process.exit(1)
}
