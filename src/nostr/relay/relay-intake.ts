import type { NostrEvent } from '../../domain/protocol/event'
import type { Gate } from '../gate'
import type { RelayRequest } from './relay-request'

/** From the socket to the gate and on to whoever asked, in the sequence of arrival, in batches. */
export interface Intake {
  /** false: too many are waiting already; this one was dropped. */
  take(event: NostrEvent): boolean
  /** Resolves when all taken so far was checked and handed over. */
  drained(): Promise<void>
  /** Resolves when less than a few pages wait for their check. */
  room(): Promise<void>
}

interface Parts {
  readonly source: string
  readonly gate: Gate
  readonly request: RelayRequest
  readonly onChecked: (good: number, bad: number) => void
}

const BATCH = 100
/** Events come one by one; a few together cost less than each alone. */
const GATHER_MS = 3
/** No honest page is so long; a relay that sends more before it is asked again is a flood (T21). */
const MOST_WAITING = 20_000
const MOST_CHARACTERS = 64 * 1024 * 1024
const ROOM = 1_200

export function openIntake({ source, gate, request, onChecked }: Parts): Intake {
  let batch: NostrEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let tail: Promise<void> = Promise.resolve()
  let waiting = 0
  let characters = 0
  let roomy: (() => void)[] = []

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const events = batch
    batch = []
    if (events.length === 0)
      return
    const checked = gate.admit(source, request.lane, events)
    tail = tail.then(async () => {
      const passed = await checked
      waiting -= events.length
      characters -= sizeOf(events)
      const good = events.filter((_, at) => passed[at] === true)
      onChecked(good.length, events.length - good.length)
      // The same event may have come twice before its check was done.
      const fresh = good.filter((event, at) => request.wants(event) && good.findIndex(other => other.id === event.id) === at)
      if (fresh.length > 0)
        request.onEvents(fresh)
      if (waiting < ROOM)
        roomy.splice(0).forEach(go => go())
    })
  }

  return {
    take(event) {
      if (waiting >= MOST_WAITING || characters >= MOST_CHARACTERS)
        return false
      waiting++
      characters += event.content.length
      batch.push(event)
      if (batch.length >= BATCH)
        flush()
      else
        timer ??= setTimeout(flush, GATHER_MS)
      return true
    },
    drained() {
      flush()
      return tail
    },
    async room() {
      if (waiting >= ROOM)
        await new Promise<void>((go) => { roomy = [...roomy, go] })
    },
  }
}

const sizeOf = (events: readonly NostrEvent[]): number => events.reduce((sum, event) => sum + event.content.length, 0)
