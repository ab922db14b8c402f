// Runs a TypeScript program of ours that drives a browser: sees to packages and a Chromium first.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { ensureChromium, ensureInstalled, root } from './ensure.mjs'

ensureInstalled()
const chromium = await ensureChromium()
const { status } = spawnSync(process.execPath, [path.join(root, '.ci', 'run-ts.mjs'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: { ...process.env, CHROMIUM_PATH: chromium } })
process.exit(status ?? 1)
