/** Reads a folder of wire fixtures: whatever it holds, by the format that its index.json describes. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { isPubkey, type Pubkey } from '../../src/domain/brand'
import { isRecord } from '../../src/domain/protocol/json'

export type Fields = Readonly<Record<string, unknown>>

export interface Person { readonly name: string, readonly pubkey: Pubkey, readonly secret: string }

export interface Case {
  readonly id: string
  readonly peer: string
  readonly payload: Fields
  readonly expect: Fields
  readonly raw: Fields
}

export interface FixtureFile { readonly name: string, readonly body: Fields, readonly cases: readonly Case[] }

export interface FixtureSet {
  readonly files: readonly FixtureFile[]
  readonly people: ReadonlyMap<string, Person>
  /** What the index says of the folder and does not hold. */
  readonly complaints: readonly string[]
}

export const records = (value: unknown): readonly Fields[] => Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : []
export const textOf = (value: unknown): string => typeof value === 'string' ? value : ''
export const numberOf = (value: unknown): number | null => typeof value === 'number' ? value : null
export const recordOf = (value: unknown): Fields => isRecord(value) ? value : {}

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'))

/** @throws Error when the folder or one of its files cannot be read: the run has nothing to say then. */
export function loadFixtures(folder: string): FixtureSet {
  const names = readdirSync(folder).filter(name => name.endsWith('.json')).sort()
  const bodies = names.map(name => ({ name, body: recordOf(readJson(folder, name)) }))
  const files = bodies.filter(({ name, body }) => name !== 'keys.json' && Array.isArray(body['cases'])).map(({ name, body }): FixtureFile =>
    ({ name, body, cases: records(body['cases']).map(readCase) }))
  return { files, people: readPeople(bodies.find(({ name }) => name === 'keys.json')?.body ?? {}), complaints: missing(files, bodies.find(({ name }) => name === 'index.json')?.body ?? {}) }
}

function readCase(raw: Fields): Case {
  return { id: textOf(raw['id']), peer: textOf(raw['peer']), payload: recordOf(raw['payload']), expect: recordOf(raw['expect']), raw }
}

function readPeople(body: Fields): ReadonlyMap<string, Person> {
  return new Map(Object.entries(recordOf(body['keys'])).flatMap(([name, value]): [string, Person][] => {
    const { public: pubkey, secret } = recordOf(value)
    return isPubkey(pubkey) ? [[name, { name, pubkey, secret: textOf(secret) }]] : []
  }))
}

function missing(files: readonly FixtureFile[], index: Fields): readonly string[] {
  return records(index['files']).flatMap((row) => {
    const file = files.find(({ name }) => name === row['file'])
    const count = numberOf(row['cases'])
    if (file === undefined)
      return [`${textOf(row['file'])}: named by the index, not in the folder`]
    return count === null || count === file.cases.length ? [] : [`${file.name}: the index says ${count} cases, the file has ${file.cases.length}`]
  })
}
