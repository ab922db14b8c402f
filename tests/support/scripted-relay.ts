import type { AddressInfo } from 'node:net'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import type { RelayUrl } from '../../src/domain/brand'
import { relayUrl } from './signed'

export type Say = (...frame: unknown[]) => void
export interface Script {
  readonly connected?: (say: Say, socket: WebSocket) => void
  readonly frame?: (frame: readonly unknown[], say: Say, socket: WebSocket) => void
}
export interface ScriptedRelay {
  readonly url: RelayUrl
  /** All that came in, over all connections. */
  readonly heard: readonly (readonly unknown[])[]
  connections(): number
  /** Cuts every connection. */
  cut(): void
  close(): Promise<void>
}

/** A relay that does what the test says, over a real socket: for what no honest relay does. */
export async function scriptedRelay({ connected, frame }: Script): Promise<ScriptedRelay> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise(resolve => server.once('listening', resolve))
  const heard: (readonly unknown[])[] = []
  let connections = 0
  server.on('connection', (socket) => {
    connections++
    const say: Say = (...out) => socket.send(JSON.stringify(out))
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString()) as readonly unknown[]
      heard.push(said)
      frame?.(said, say, socket)
    })
    connected?.(say, socket)
  })
  const cut = (): void => server.clients.forEach(socket => socket.terminate())
  return {
    url: relayUrl(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`),
    heard,
    connections: () => connections,
    cut,
    close: () => new Promise((resolve) => {
      cut()
      server.close(() => resolve())
    }),
  }
}
