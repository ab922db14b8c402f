// `npm start`: plain Node, so that it runs on a clone with nothing installed yet.
import process from 'node:process'
import { ensureInstalled } from '../.ci/ensure.mjs'

ensureInstalled()
process.argv = [process.argv[0] ?? 'node', '.ci/run-ts.mjs', 'sandbox/start.ts', ...process.argv.slice(2)]
await import('../.ci/run-ts.mjs')
