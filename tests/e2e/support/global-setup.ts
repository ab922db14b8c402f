import type { FullConfig } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { SandboxProcess } from './sandbox-process'
import { addressesOf, buildOf, portsOf } from './addresses'
import { startSandboxProcess } from './sandbox-process'
import { serveFolders } from './static-server'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The app as `npm start` shows it, but built: the same code that people get, with the sandbox's two people in it. */
export function buildSandboxApp(): void {
  if (process.env['SOUK_E2E_REUSE_BUILD'] && existsSync(path.join(root, buildOf(0), 'index.html')))
    return
  const { relay, wallet } = addressesOf(portsOf(0))
  const env = { ...process.env, VITE_SANDBOX: 'true', VITE_SANDBOX_URL: wallet, VITE_RELAYS: relay, VITE_NETWORK: 'regtest', VITE_CURRENCY: 'EUR', VITE_RATE_SOURCES: wallet }
  const built = spawnSync(process.execPath, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--mode', 'sandbox', '--outDir', buildOf(0), '--logLevel', 'error'], { cwd: root, env, stdio: 'inherit' })
  if (built.status !== 0)
    throw new Error('the sandbox build failed')
}

/** The same build for another house: only the addresses in it differ. */
function moveInto(house: number): void {
  const [from, to] = [path.join(root, buildOf(0)), path.join(root, buildOf(house))]
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true })
  const [there, here] = [portsOf(0), portsOf(house)]
  const scripts = readdirSync(to, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  for (const file of scripts.map(name => path.join(to, name))) {
    const text = readFileSync(file, 'utf8')
    const moved = text.replaceAll(`127.0.0.1:${there.relay}`, `127.0.0.1:${here.relay}`).replaceAll(`127.0.0.1:${there.wallet}`, `127.0.0.1:${here.wallet}`)
    if (moved !== text)
      writeFileSync(file, moved)
  }
}

/** The build that people deploy, as `npm run build` leaves it. */
function buildForPeople(): void {
  if (existsSync(path.join(root, 'dist', 'index.html')))
    return
  const built = spawnSync(process.execPath, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0)
    throw new Error('the production build failed')
}

async function openHouse(house: number): Promise<() => Promise<void>> {
  if (house > 0)
    moveInto(house)
  const ports = portsOf(house)
  const data = mkdtempSync(path.join(tmpdir(), 'souk-e2e-'))
  const sandbox: SandboxProcess = await startSandboxProcess(root, data, ports)
  const server = await serveFolders(ports.app, {
    '/some/shop/': path.join(root, buildOf(house)),
    '/production/': path.join(root, 'dist'),
  })
  return async () => {
    server.closeAllConnections()
    server.close()
    await sandbox.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

export default async function globalSetup({ workers }: Pick<FullConfig, 'workers'> = { workers: 1 }): Promise<() => Promise<void>> {
  buildSandboxApp()
  buildForPeople()
  const close = await Promise.all(Array.from({ length: workers }, async (_, house) => openHouse(house)))
  return async () => {
    await Promise.all(close.map(async one => one()))
  }
}
