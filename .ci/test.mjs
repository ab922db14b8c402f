// `npm test`: installs what is missing, runs every check, and closes with one line summed from the runners' own reports.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { ensureChromium, ensureInstalled, root } from './ensure.mjs'

const quick = process.argv.includes('--quick')
ensureInstalled()
const chromium = quick ? undefined : await ensureChromium()

const reports = path.join(root, 'reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })
const bin = (...parts) => path.join(root, 'node_modules', ...parts)
const report = name => path.join(reports, `${name}.json`)
const env = { ...process.env, ...(chromium ? { CHROMIUM_PATH: chromium } : {}), FORCE_COLOR: '0' }

const totals = { passed: 0, failed: 0 }
const rows = []

function run(name, args, extra = {}) {
  console.log(`\n── ${name}`)
  const started = Date.now()
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...env, ...extra } })
  return { ok: status === 0, seconds: Math.round((Date.now() - started) / 1000) }
}

function count(name, passed, failed, seconds) {
  totals.passed += passed
  totals.failed += failed
  rows.push(`${name.padEnd(12)} ${String(passed).padStart(6)} passed ${String(failed).padStart(5)} failed ${String(seconds).padStart(5)} s`)
}

/** A check without cases of its own counts as one. */
function check(name, args) {
  const { ok, seconds } = run(name, args)
  count(name, ok ? 1 : 0, ok ? 0 : 1, seconds)
  return ok
}

/** Checks that only read, side by side; what each printed comes in one piece. */
async function checksTogether(checks) {
  const started = Date.now()
  await Promise.all(Object.entries(checks).map(([name, args]) => new Promise((resolve) => {
    const printed = []
    const child = spawn(process.execPath, args, { cwd: root, env })
    child.stdout.on('data', data => printed.push(data))
    child.stderr.on('data', data => printed.push(data))
    child.on('close', (status) => {
      console.log(`\n── ${name}\n${Buffer.concat(printed).toString()}`)
      count(name, status === 0 ? 1 : 0, status === 0 ? 0 : 1, Math.round((Date.now() - started) / 1000))
      resolve()
    })
  })))
}

/** A runner that writes a report counts as that report says; one that left none, or failed without naming a case, failed. */
function runner(name, args, read, extra) {
  const { ok, seconds } = run(name, args, extra)
  const file = report(name)
  const { passed, failed } = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 1 }
  count(name, passed, failed === 0 && (!ok || passed === 0) ? 1 : failed, seconds)
}

const readVitest = ({ numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests }) =>
  ({ passed: numPassedTests, failed: numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0) + numPendingTests + numTodoTests })
// A skipped story is one that nobody saw.
const readPlaywright = ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected + stats.skipped })
const readInterop = ({ passed, failed }) => ({ passed, failed })

await checksTogether({
  lint: [bin('eslint', 'bin', 'eslint.js'), '--config', '.ci/eslint.config.js', '--max-warnings', '0', '.'],
  layers: [bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.ci/layers.cjs', 'src'],
  types: [bin('vue-tsc', 'bin', 'vue-tsc.js'), '--noEmit'],
})
for (const project of ['unit', 'component'])
  runner(project, [bin('vitest', 'vitest.mjs'), 'run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report(project)}`], readVitest)
runner('interop', ['.ci/run-ts.mjs', 'tests/interop/run.ts', 'tests/interop/fixtures', `--report=${report('interop')}`], readInterop)
if (!quick) {
  if (check('build', ['.ci/build.mjs', '--logLevel', 'warn']))
    runner('e2e', [bin('@playwright', 'test', 'cli.js'), 'test', '--config', 'tests/e2e/playwright.config.ts'], readPlaywright, { PLAYWRIGHT_JSON_OUTPUT_NAME: report('e2e') })
  else
    count('e2e', 0, 1, 0)
}

console.log(`\n${rows.join('\n')}\n`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)
