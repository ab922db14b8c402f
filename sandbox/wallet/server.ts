import type { AddressInfo } from 'node:net'
import type { LnbitsApi } from './lnbits-api'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { OPEN, send } from './http'

export type Handler = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean

export interface WalletServer { readonly url: string, close(): Promise<void> }

/** LNbits' HTTP API and push channel, pictures of the market, and what tests steer the sandbox by. */
export async function serveWallet(port: number, lnbits: LnbitsApi, handlers: readonly Handler[]): Promise<WalletServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const handle = async (): Promise<void> => {
      if (request.method === 'OPTIONS') {
        response.writeHead(204, OPEN).end()
        return
      }
      for (const handler of handlers) {
        if (await handler(url.pathname, request, response))
          return
      }
      await lnbits.handle({ request, response, path: url.pathname, query: url.searchParams })
    }
    handle().catch((error: unknown) => send(response, 500, { detail: `Unexpected error! ${error instanceof Error ? error.message : ''}` }))
  })
  const push = new WebSocketServer({ server })
  push.on('connection', (socket, request) => {
    const found = lnbits.byKey(/^\/api\/v1\/ws\/([^/]+)$/.exec(request.url ?? '')?.[1] ?? '')
    if (found === undefined)
      return
    const { account } = found.wallet
    const stop = account.onSettled(transaction => lnbits.pushes(transaction).forEach(payment => socket.send(JSON.stringify({ wallet_balance: Math.floor(account.balanceMsat / 1000), payment }))))
    socket.on('close', stop)
    socket.on('error', stop)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of push.clients)
        socket.terminate()
      push.close()
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
