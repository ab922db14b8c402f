import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { SandboxProcess } from './sandbox-process'
import { ADDRESSES, BUILD, PORTS } from './addresses'
import { startSandboxProcess } from './sandbox-process'
import { serveFolders } from './static-server'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The app as `npm start` shows it, but built: the same code that people get, with the sandbox's two people in it. */
export function buildSandboxApp(): void {
  if (process.env['SOUK_E2E_REUSE_BUILD'] && existsSync(path.join(root, BUILD, 'index.html')))
    return
  const env = { ...process.env, VITE_SANDBOX: 'true', VITE_SANDBOX_URL: ADDRESSES.wallet, VITE_RELAYS: ADDRESSES.relay, VITE_NETWORK: 'regtest', VITE_CURRENCY: 'EUR', VITE_RATE_SOURCES: ADDRESSES.wallet }
  const built = spawnSync(process.execPath, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--mode', 'sandbox', '--outDir', BUILD, '--logLevel', 'error'], { cwd: root, env, stdio: 'inherit' })
  if (built.status !== 0)
    throw new Error('the sandbox build failed')
}

/** The build that people deploy, as `npm run build` leaves it. */
function buildForPeople(): void {
  if (existsSync(path.join(root, 'dist', 'index.html')))
    return
  const built = spawnSync(process.execPath, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'error'], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0)
    throw new Error('the production build failed')
}

export default async function globalSetup(): Promise<() => Promise<void>> {
  buildSandboxApp()
  buildForPeople()
  const data = mkdtempSync(path.join(tmpdir(), 'souk-e2e-'))
  const sandbox: SandboxProcess = await startSandboxProcess(root, data, PORTS)
  const server = await serveFolders(PORTS.app, {
    '/some/shop/': path.join(root, BUILD),
    '/production/': path.join(root, 'dist'),
  })
  return async () => {
    server.closeAllConnections()
    server.close()
    await sandbox.stop()
    rmSync(data, { recursive: true, force: true })
  }
}
