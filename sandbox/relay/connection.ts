import type { Event, Filter, IncomingMessage } from '@nostr-relay/common'
import type { NostrRelay } from '@nostr-relay/core'
import type { Validator } from '@nostr-relay/validator'
import type { WebSocket } from 'ws'
import type { AuthGate } from './auth-gate'
import type { RelayFaults } from './faults'
import { rubbish } from './faults'

interface Parts {
  readonly relay: NostrRelay
  readonly validator: Validator
  readonly gate: AuthGate
  readonly faults: RelayFaults
  readonly host: string
  readonly find: (filter: Filter) => readonly Event[]
}

/** One socket: the relay package's manners, and what it leaves out (docs/decisions/0002). */
export function serveSocket(socket: WebSocket, parts: Parts): void {
  const { relay, gate, faults } = parts
  const client = guarded(socket, gate, faults)
  const say = (...frame: unknown[]): void => client.send(JSON.stringify(frame))
  relay.handleConnection(client)
  if (gate.asks)
    say('AUTH', gate.challenge)
  socket.on('message', (data: Buffer) => {
    if (!faults.hang)
      void handle(data.toString('utf8'), client, parts, say)
  })
  const leave = (): void => relay.handleDisconnect(client)
  socket.on('close', leave)
  socket.on('error', leave)
}

type Client = Parameters<NostrRelay['handleConnection']>[0]

/** Frames on their way out pass here: privacy first, then the faults that a test asked for. */
function guarded(socket: WebSocket, gate: AuthGate, faults: RelayFaults): Client {
  const out = (text: string): void => {
    if (socket.readyState === socket.OPEN)
      socket.send(text)
  }
  return {
    get readyState() {
      return socket.readyState as Client['readyState']
    },
    send(text: string) {
      if (faults.hang || (faults.dropOk && text.startsWith('["OK"')))
        return
      let sent = text
      if (text.startsWith('["EVENT"') && (gate.asks || faults.forge)) {
        const frame = JSON.parse(text) as [string, string, Event]
        if (!gate.shows(frame[2]))
          return
        if (faults.forge)
          sent = JSON.stringify([frame[0], frame[1], { ...frame[2], content: `${frame[2].content} ` }])
      }
      if (faults.delayMs > 0)
        setTimeout(out, faults.delayMs, sent)
      else
        out(sent)
    },
  }
}

async function handle(text: string, client: Client, parts: Parts, say: (...frame: unknown[]) => void): Promise<void> {
  const { relay, validator, gate, host, find } = parts
  let frame: unknown
  try {
    frame = JSON.parse(text)
  }
  catch {
    return say('NOTICE', 'invalid: not JSON')
  }
  const [type, first, ...rest] = Array.isArray(frame) ? frame as readonly unknown[] : []
  try {
    if (type === 'AUTH') {
      const event = first as Event
      const refused = gate.asks ? gate.answer(event, host) : ''
      return say('OK', event.id, refused === '', refused)
    }
    if (type === 'COUNT')
      return say('COUNT', first, { count: new Set((rest as Filter[]).flatMap(filter => find(filter)).filter(event => gate.shows(event)).map(event => event.id)).size })
    if (type === 'REQ' && gate.refuses(rest as Filter[]))
      return say('CLOSED', first, 'auth-required: private messages are shown to their own people only')
    if (type === 'REQ') {
      for (const junk of rubbish(String(first), parts.faults.flood))
        client.send(junk)
    }
    const filters = type === 'REQ' ? rest.filter(filter => !Object.values(filter as object).some(value => Array.isArray(value) && value.length === 0)) : rest
    if (type === 'REQ' && filters.length === 0)
      return say('EOSE', first)
    const message: IncomingMessage = await validator.validateIncomingMessage(JSON.stringify([type, first, ...filters]))
    const result = await relay.handleMessage(client, message)
    if (message[0] === 'EVENT' && message[1].kind === 5 && result && 'success' in result && result.success)
      await relay.broadcast(message[1])
  }
  catch (error) {
    const reason = error instanceof Error ? error.message : 'error: could not be handled'
    if (type === 'EVENT')
      say('OK', (first as Partial<Event> | undefined)?.id ?? '', false, reason.includes(':') ? reason : `invalid: ${reason}`)
    else if (type === 'REQ')
      say('CLOSED', first, `error: ${reason}`)
    else
      say('NOTICE', reason)
  }
}
