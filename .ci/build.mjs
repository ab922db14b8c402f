// Builds the static folder, then weighs what the market page loads first (T-budget of docs/architecture.md).
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { ensureInstalled, root } from './ensure.mjs'

ensureInstalled()
const build = spawnSync(process.execPath, [path.join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
if (build.status !== 0)
  process.exit(build.status ?? 1)
const { weigh } = await import('./weigh.mjs')
process.exit(weigh(path.join(root, 'dist')) ? 0 : 1)
