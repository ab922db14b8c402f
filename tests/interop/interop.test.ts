import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { allVerdicts, countOf, linesOf, runFolder } from './report'

test('what the peers send is understood, what we send they understand, and what harms is refused', async () => {
  const report = await runFolder(fileURLToPath(new URL('fixtures', import.meta.url)))
  expect(linesOf(report).filter(line => line.startsWith('  '))).toEqual([])
  expect(report.complaints).toEqual([])
  expect(countOf(allVerdicts(report), 'failed')).toBe(0)
  expect(countOf(allVerdicts(report), 'passed')).toBeGreaterThan(100)
}, 60_000)
