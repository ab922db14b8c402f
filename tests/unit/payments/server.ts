import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'

export type Handler = (request: IncomingMessage & { readonly path: string }, response: ServerResponse, body: string) => void

/** A small HTTP server on loopback; ends with the test. */
export async function serve(handler: Handler) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => handler(Object.assign(request, { path: request.url ?? '' }), response, body))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}
