import { createServer as createHttpServer } from 'node:http'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { openBrowser } from './browser'
import { takeFolder } from './data-folder'
import { freePort } from './ports'
import { startSandbox } from './sandbox'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Sandbox and app together, until Ctrl-C. */
export async function main(): Promise<number> {
  const ended = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  const folder = process.env['SOUK_SANDBOX_DATA'] ?? path.join(root, '.data', 'sandbox')
  // A relay on the usual port means that a second sandbox may be ours; a mark left by a crash alone means nothing.
  const usual = await freePort(7447)
  const letGo = takeFolder(folder) ?? (usual === 7447 ? () => undefined : null)
  if (letGo === null)
    console.log('A sandbox of this folder is running already: this second one forgets everything when it ends.')

  console.log('Starting the sandbox …')
  const sandbox = await startSandbox({ relayPort: usual, walletPort: await freePort(usual + 1), ...(letGo === null ? {} : { data: folder }) })
  Object.assign(process.env, { VITE_SANDBOX: 'true', VITE_SANDBOX_URL: sandbox.walletUrl, VITE_RELAYS: sandbox.relayUrl, VITE_NETWORK: 'regtest', VITE_CURRENCY: 'EUR', VITE_RATE_SOURCES: sandbox.walletUrl })
  // A server of our own around Vite's: Vite's own would answer SIGTERM by itself and end the process before the relay has closed.
  const http = createHttpServer()
  const vite = await createServer({ root, mode: 'development', logLevel: 'warn', clearScreen: false, appType: 'spa', server: { middlewareMode: { server: http }, hmr: { server: http } } })
  http.on('request', vite.middlewares)
  const port = await freePort(5173, 'localhost')
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, 'localhost', resolve)
  })
  const address = `http://localhost:${port}/`
  console.log(`
  Souk       ${address}
  Relay      ${sandbox.relayUrl}
  Wallet     ${sandbox.walletUrl}
  Data       ${letGo === null ? 'in memory only' : path.relative(process.cwd(), folder)}

  Try it as a shopper or as a merchant: both are one tap on the sign-in page.
  Ctrl-C stops everything.
`)
  openBrowser(address)

  await ended
  console.log('Stopping …')
  http.closeAllConnections()
  http.close()
  await vite.close()
  await sandbox.stop()
  letGo?.()
  return 0
}
