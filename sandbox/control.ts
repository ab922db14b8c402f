import type { Relay } from './relay/relay'
import type { WalletFaults } from './wallet/faults'
import type { LightningBackend } from './lightning/backend'
import type { Handler } from './wallet/server'
import { drawPicture } from './market/pictures'
import { setFaults } from './wallet/faults'
import { OPEN, readBody, send } from './wallet/http'

const MOTIFS = new Set(['jar', 'mug', 'print', 'candle', 'book', 'bag', 'seeds', 'record', 'bowl', 'soap', 'file', 'scarf', 'bottle', 'knife', 'plant', 'box'])
type Motif = Parameters<typeof drawPicture>[0]

/** `/images/<motif>-<seed>.svg`. */
export const pictures: Handler = (path, _request, response) => {
  const [, motif = '', seed = '0'] = /^\/images\/([a-z]+)-(\d{1,6})\.svg$/.exec(path) ?? []
  if (!MOTIFS.has(motif))
    return false
  response.writeHead(200, { ...OPEN, 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }).end(drawPicture(motif as Motif, Number(seed)))
  return true
}

interface Steered { readonly relay: Relay, readonly faults: WalletFaults, readonly lightning: LightningBackend, readonly personas: () => unknown }

/** What tests and the sign-in page's two personas ask of the sandbox. Loopback only. */
export function controls({ relay, faults, lightning, personas }: Steered): Handler {
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
      case '/control/pay':
        send(response, 200, await lightning.pay(String(body['bolt11'] ?? '')))
        return true
      case '/control/faults': {
        const wrong = setFaults(faults, body)
        send(response, wrong === null ? 200 : 400, wrong === null ? faults : { detail: `unknown fault: ${wrong}` })
        return true
      }
      case '/control/relay':
        return steerRelay(relay, String(body['action'] ?? ''), response)
      default:
        send(response, 404, { detail: 'no such control' })
        return true
    }
  }
}

async function steerRelay(relay: Relay, action: string, response: Parameters<Handler>[2]): Promise<boolean> {
  relay.faults.hang = action === 'hang'
  if (action === 'stop')
    await relay.stop()
  else if (action === 'start')
    await relay.start()
  else if (action !== 'hang') {
    send(response, 400, { detail: `unknown action: ${action}` })
    return true
  }
  send(response, 200, { action })
  return true
}
