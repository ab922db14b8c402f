/** `npm run interop -- FOLDER`: every case of the fixture format in FOLDER against the product's own code. */
import { writeFileSync } from 'node:fs'
import { allVerdicts, countOf, linesOf, runFolder } from './report'

const REPORT = '--report='

/** @param args the folder, and `--report=FILE` for the counts as JSON */
export async function main(args: readonly string[]): Promise<number> {
  const [folder = 'tests/interop/fixtures'] = args.filter(one => !one.startsWith('--'))
  const file = args.find(one => one.startsWith(REPORT))?.slice(REPORT.length)
  const report = await runFolder(folder)
  for (const line of linesOf(report))
    console.log(line)
  const all = allVerdicts(report)
  const failed = countOf(all, 'failed')
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ passed: countOf(all, 'passed'), failed, notSupported: countOf(all, 'not-supported') }))
  return failed > 0 || report.files.length === 0 ? 1 : 0
}
