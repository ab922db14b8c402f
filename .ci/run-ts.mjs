// Runs a TypeScript file of ours on Node 20, which cannot strip types by itself: through Vite's module runner,
// so that scripts, tests and the app are read by one and the same compiler.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createServer, isRunnableDevEnvironment } from 'vite'

const [file, ...args] = process.argv.slice(2)
if (!file) {
  console.error('usage: node .ci/run-ts.mjs FILE.ts [arguments]')
  process.exit(2)
}
process.argv = [process.argv[0], file, ...args]

const root = fileURLToPath(new URL('..', import.meta.url))
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  environments: { ssr: { dev: {} } },
})
const environment = server.environments.ssr
if (!isRunnableDevEnvironment(environment))
  throw new TypeError('Vite has no runnable environment')

try {
  const module = await environment.runner.import(file.startsWith('/') ? file : `${root}${file}`)
  if (typeof module.main === 'function') {
    const code = await module.main(args)
    await server.close()
    process.exit(typeof code === 'number' ? code : 0)
  }
}
catch (error) {
  console.error(error)
  process.exit(1)
}
