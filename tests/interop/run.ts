/** `npm run interop -- FOLDER`: every case of the fixture format in FOLDER against the product's own code. */
import { linesOf, runFolder } from './report'

export async function main([folder = 'tests/interop/fixtures']: readonly string[]): Promise<number> {
  const report = await runFolder(folder)
  const lines = linesOf(report)
  for (const line of lines)
    console.log(line)
  return report.files.some(({ verdicts }) => verdicts.some(({ verdict }) => verdict.type === 'failed')) || report.files.length === 0 ? 1 : 0
}
