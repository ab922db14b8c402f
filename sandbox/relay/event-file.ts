import type { Event } from '@nostr-relay/common'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * One JSON event a line, appended as they come: a restart keeps them. A torn last line (power cut) is left out.
 * Why no database: docs/decisions/0002-sandbox-relay-store.md.
 */
export class EventFile {
  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), { recursive: true })
  }

  read(): readonly Event[] {
    if (!existsSync(this.file))
      return []
    return readFileSync(this.file, 'utf8').split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Event]
      }
      catch {
        return []
      }
    })
  }

  append(...events: readonly Event[]): void {
    if (events.length > 0)
      appendFileSync(this.file, events.map(event => `${JSON.stringify(event)}\n`).join(''))
  }

  /** Leaves only what is still kept. */
  compact(events: Iterable<Event>): void {
    const draft = `${this.file}.new`
    writeFileSync(draft, [...events].map(event => `${JSON.stringify(event)}\n`).join(''))
    renameSync(draft, this.file)
  }
}
