import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { allVerdicts, countOf, linesOf, runFolder } from './report'

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url))

test('what the peers send is understood, what we send they understand, and what harms is refused', async () => {
  const report = await runFolder(FIXTURES)
  expect(linesOf(report).filter(line => line.startsWith('  '))).toEqual([])
  expect(report.complaints).toEqual([])
  expect(countOf(allVerdicts(report), 'failed')).toBe(0)
  expect(countOf(allVerdicts(report), 'passed')).toBeGreaterThan(200)
}, 60_000)

test('a case that expects something else fails, by its id, and a missing file is named', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'souk-interop-'))
  try {
    for (const name of readdirSync(FIXTURES).filter(name => ['keys.json', 'index.json', 'nostrmarket.json', 'transport.json'].includes(name))) {
      const text = readFileSync(path.join(FIXTURES, name), 'utf8')
      // Another currency, another answer of the peer, another relay verdict, each of them wrong.
      writeFileSync(path.join(folder, name), text.replaceAll('"price": "21000"', '"price": "21001"').replaceAll('"peerDoes": "refusal"', '"peerDoes": "payment-request"').replaceAll('"outcome": "challenge"', '"outcome": "log"'))
    }
    const lines = linesOf(await runFolder(folder))
    expect(lines.filter(line => line.includes('FAIL')).map(line => line.trim())).toEqual(['FAIL nm-product', 'FAIL nm-ours-unknown-zone', 'FAIL nm-ours-too-many', 'FAIL nm-ours-zero', 'FAIL t-auth'])
    expect(lines.at(-1)).toMatch(/^\d+ passed, 5 failed, 0 not supported$/)
    expect(lines).toContain('folds.json: named by the index, not in the folder')
  }
  finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)
