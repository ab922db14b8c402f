/** Runs a folder of fixtures, and says how each file went. */
import { invoiceVerdicts, type NamedVerdict } from './bolt11-cases'
import { loadFixtures, type FixtureFile, type FixtureSet } from './fixture-set'
import { judge } from './judge'
import type { Verdict } from './verdict'
import { worldOf } from './world'

export interface FileReport { readonly file: string, readonly verdicts: readonly NamedVerdict[] }
export interface FolderReport { readonly files: readonly FileReport[], readonly complaints: readonly string[] }

export async function runFolder(folder: string): Promise<FolderReport> {
  const set = loadFixtures(folder)
  const files: FileReport[] = []
  for (const file of set.files)
    files.push({ file: file.name, verdicts: await verdictsOf(set, file) })
  return { files, complaints: set.complaints }
}

/** A file with checks and payment texts beside its cases is the invoice file, whatever its name. */
const isInvoiceFile = ({ body }: FixtureFile): boolean => Array.isArray(body['checks']) || Array.isArray(body['uris'])

async function verdictsOf(set: FixtureSet, file: FixtureFile): Promise<readonly NamedVerdict[]> {
  if (isInvoiceFile(file))
    return invoiceVerdicts(file)
  const world = worldOf(set, file)
  const verdicts: NamedVerdict[] = []
  for (const one of file.cases)
    verdicts.push({ id: one.id, verdict: await judge(one, world) })
  return verdicts
}

export const countOf = (verdicts: readonly NamedVerdict[], type: Verdict['type']): number => verdicts.filter(({ verdict }) => verdict.type === type).length
export const allVerdicts = (report: FolderReport): readonly NamedVerdict[] => report.files.flatMap(({ verdicts }) => verdicts)

export function linesOf(report: FolderReport): readonly string[] {
  const files = report.files.flatMap(({ file, verdicts }) => [fileLine(file, verdicts), ...verdicts.flatMap(failureLines)])
  const all = allVerdicts(report)
  return [
    ...report.complaints,
    ...files,
    `${countOf(all, 'passed')} passed, ${countOf(all, 'failed')} failed, ${countOf(all, 'not-supported')} not supported`,
  ]
}

function fileLine(file: string, verdicts: readonly NamedVerdict[]): string {
  const dialects = new Map<string, number>()
  for (const { verdict } of verdicts) {
    if (verdict.type === 'not-supported')
      dialects.set(verdict.dialect, (dialects.get(verdict.dialect) ?? 0) + 1)
  }
  const foreign = [...dialects].map(([name, count]) => `${count} ${name}`).join(', ')
  return `${file}: ${countOf(verdicts, 'passed')} of ${verdicts.length} pass${foreign === '' ? '' : `; not supported: ${foreign}`}`
}

const SHOWN = 300
const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

const failureLines = ({ id, verdict }: NamedVerdict): readonly string[] => verdict.type === 'failed'
  ? [`  FAIL ${id}`, ...verdict.differences.map(({ at, expected, got }) => `    ${at === '' ? 'whole' : at}: expected ${shown(expected)}, got ${shown(got)}`)]
  : []
