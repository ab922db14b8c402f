import type { Sandbox, SandboxOptions } from '../../../sandbox/sandbox'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { startSandbox } from '../../../sandbox/sandbox'

/** A sandbox over play money unless told otherwise, that ends with the file. */
export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const started = await startSandbox({ lightning: 'ledger', market: false, ...options })
  open.push(() => started.stop())
  return started
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'souk-sandbox-'))
  open.push(async () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const open: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of open.splice(0).reverse())
    await close()
})

/** Waits until something is there. @throws Error after `ms`. */
export async function until<T>(read: () => T | undefined, ms = 4_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const value = read()
    if (value !== undefined)
      return value
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('waited in vain')
}
