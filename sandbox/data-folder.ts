import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  }
  catch {
    return false
  }
}

/**
 * Takes a folder for this process: two relays writing one file would tear it. Gives back how to let go of it, or null
 * when another process that runs has it.
 */
export function takeFolder(folder: string): (() => void) | null {
  mkdirSync(folder, { recursive: true })
  const mark = path.join(folder, 'in-use-by')
  const holder = existsSync(mark) ? Number(readFileSync(mark, 'utf8')) : 0
  if (Number.isSafeInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder))
    return null
  writeFileSync(mark, String(process.pid))
  return () => rmSync(mark, { force: true })
}
