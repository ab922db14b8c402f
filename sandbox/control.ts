import type { Relay } from './relay/relay'
import type { Bots } from './bots'
import type { WalletFaults } from './wallet/faults'
import type { LightningBackend } from './lightning/backend'
import type { Handler } from './wallet/server'
import { drawPicture } from './market/pictures'
import { setRelayFaults } from './relay/faults'
import { setFaults } from './wallet/faults'
import { OPEN, readBody, send } from './wallet/http'

/** `/images/<motif>-<tone>-<seed>.svg`. */
export const pictures: Handler = (path, _request, response) => {
  const [, name = '', seed = '0'] = /^\/images\/([a-z]+-[a-z]+)-(\d{1,6})\.svg$/.exec(path) ?? []
  const picture = drawPicture(name, Number(seed))
  if (picture === null)
    return false
  response.writeHead(200, { ...OPEN, 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }).end(picture)
  return true
}

interface Steered {
  readonly relay: Relay
  readonly authRelay: Relay | null
  readonly faults: WalletFaults
  readonly lightning: LightningBackend
  readonly bots: Bots
  readonly personas: () => unknown
  readonly wallets: () => unknown
}

/** What tests and the sign-in page's two personas ask of the sandbox. Loopback only. */
export function controls({ relay, authRelay, faults, lightning, bots, personas, wallets }: Steered): Handler {
  return async (path, request, response) => {
    if (!path.startsWith('/control/'))
      return false
    const body = request.method === 'POST' ? await readBody(request) ?? {} : {}
    switch (path) {
      case '/control/health':
        send(response, 200, { ready: true, lightning: lightning.kind })
        return true
      case '/control/personas':
        send(response, 200, personas())
        return true
      case '/control/wallets':
        send(response, 200, wallets())
        return true
      case '/control/bots':
        bots.set(body['on'] !== false)
        send(response, 200, { on: bots.on })
        return true
      case '/control/pay':
        send(response, 200, await lightning.pay(String(body['bolt11'] ?? ''), typeof body['sat'] === 'number' ? body['sat'] * 1_000 : undefined))
        return true
      case '/control/faults': {
        const wrong = setFaults(faults, body)
        send(response, wrong === null ? 200 : 400, wrong === null ? faults : { detail: `unknown fault: ${wrong}` })
        return true
      }
      case '/control/relay':
        return steerRelay(body['which'] === 'auth' ? authRelay : relay, body, response)
      default:
        send(response, 404, { detail: 'no such control' })
        return true
    }
  }
}

/** `{ action: 'stop' | 'start' | 'hang', which?: 'auth' }`, or `{ faults: {…} }` as relay/faults.ts names them. */
async function steerRelay(relay: Relay | null, { action, faults }: Readonly<Record<string, unknown>>, response: Parameters<Handler>[2]): Promise<boolean> {
  const refuse = (detail: string): true => {
    send(response, 400, { detail })
    return true
  }
  if (relay === null)
    return refuse('no such relay')
  if (typeof faults === 'object' && faults !== null) {
    const wrong = setRelayFaults(relay.faults, faults as Readonly<Record<string, unknown>>)
    if (wrong !== null)
      return refuse(`unknown fault: ${wrong}`)
  }
  else if (action !== 'stop' && action !== 'start' && action !== 'hang') {
    return refuse(`unknown action: ${String(action)}`)
  }
  else {
    relay.faults.hang = action === 'hang'
    if (action === 'stop')
      await relay.stop()
    else if (action === 'start')
      await relay.start()
  }
  send(response, 200, { action: action ?? null, faults: relay.faults })
  return true
}
