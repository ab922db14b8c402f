import type { Event } from 'nostr-tools/core'
import type { Filter } from 'nostr-tools/filter'
import { WebSocket } from 'ws'

/** One lasting subscription of a sandbox service: comes back after the relay was away, and then says so. */
export class RelayLink {
  private socket: WebSocket | undefined
  private closed = false
  private retry: NodeJS.Timeout | undefined
  private readonly queue: string[] = []
  private readonly first: Promise<void>
  private opened: () => void = () => undefined

  constructor(private readonly url: string, private readonly filters: readonly Filter[], private readonly onEvent: (event: Event) => void, private readonly onOpen: () => void) {
    this.first = new Promise((resolve) => {
      this.opened = resolve
    })
    this.connect()
  }

  /** When the relay has taken the subscription for the first time. */
  ready(): Promise<void> {
    return this.first
  }

  publish(event: Event): void {
    const frame = JSON.stringify(['EVENT', event])
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(frame)
    else
      this.queue.push(frame)
  }

  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    this.socket?.terminate()
  }

  private connect(): void {
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.on('open', () => {
      socket.send(JSON.stringify(['REQ', 'link', ...this.filters]))
      for (const frame of this.queue.splice(0))
        socket.send(frame)
      this.onOpen()
    })
    socket.on('message', (data: Buffer) => {
      const [type, , event] = JSON.parse(data.toString('utf8')) as [string, unknown, Event]
      if (type === 'EOSE')
        this.opened()
      if (type === 'EVENT')
        this.onEvent(event)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (!this.closed)
        this.retry = setTimeout(() => this.connect(), 300)
    })
  }
}
