import { connect, createServer } from 'node:net'

/** A line to the relay that counts what goes through it, towards the page, as bytes of TCP. */
export async function countWire(port: number, relayPort: number): Promise<{ readonly bytes: () => number, close(): void }> {
  let bytes = 0
  const sockets = new Set<{ destroy(): unknown }>()
  const server = createServer((page) => {
    const relay = connect(relayPort, '127.0.0.1')
    for (const socket of [page, relay]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => {
        page.destroy()
        relay.destroy()
      })
    }
    relay.on('data', (data) => { bytes += data.length })
    page.pipe(relay).pipe(page)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return {
    bytes: () => bytes,
    close() {
      server.close()
      sockets.forEach(socket => socket.destroy())
    },
  }
}
