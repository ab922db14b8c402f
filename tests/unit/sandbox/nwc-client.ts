import type { Event } from 'nostr-tools/core'
import { hexToBytes } from '@noble/hashes/utils.js'
import { decrypt as decrypt04, encrypt as encrypt04 } from 'nostr-tools/nip04'
import { decrypt as decrypt44, encrypt as encrypt44, getConversationKey } from 'nostr-tools/nip44'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { WebSocket } from 'ws'
import { until } from './stage'

export interface NwcAnswer {
  readonly result_type: string
  readonly error: { readonly code: string, readonly message: string } | null
  readonly result: Readonly<Record<string, unknown>> | null
}
type Scheme = 'nip44_v2' | 'nip04'

/** A bare NIP-47 client over a real socket: nothing of the product in it. */
export async function nwcClient(uri: string) {
  const url = new URL(uri)
  const wallet = url.host
  const secret = hexToBytes(url.searchParams.get('secret') ?? '')
  const me = getPublicKey(secret)
  const conversation = getConversationKey(secret, wallet)
  const socket = new WebSocket(url.searchParams.get('relay') ?? '')
  const events: Event[] = []
  socket.on('message', (data: Buffer) => {
    const [type, , event] = JSON.parse(data.toString('utf8')) as [string, string, Event]
    if (type === 'EVENT')
      events.push(event)
  })
  await new Promise(resolve => socket.once('open', resolve))
  socket.send(JSON.stringify(['REQ', 'all', { 'kinds': [23195, 23196, 23197], '#p': [me] }, { kinds: [13194], authors: [wallet] }]))

  const open = (content: string, scheme: Scheme): unknown => JSON.parse(scheme === 'nip44_v2' ? decrypt44(content, conversation) : decrypt04(secret, wallet, content))
  const compose = (method: string, params: object, { scheme = 'nip44_v2' as Scheme, tags = [] as string[][] } = {}): Event => {
    const plain = JSON.stringify({ method, params })
    const content = scheme === 'nip44_v2' ? encrypt44(plain, conversation) : encrypt04(secret, wallet, plain)
    const encryption = scheme === 'nip44_v2' ? [['encryption', scheme]] : []
    return finalizeEvent({ kind: 23194, created_at: Math.floor(Date.now() / 1000), tags: [['p', wallet], ...encryption, ...tags], content }, secret)
  }
  const answersTo = (id: string): readonly Event[] => events.filter(event => event.kind === 23195 && event.tags.some(([name, value]) => name === 'e' && value === id))
  const send = (event: Event): void => socket.send(JSON.stringify(['EVENT', event]))
  return {
    events,
    compose,
    send,
    answersTo,
    open,
    async ask(method: string, params: object = {}, options: { readonly scheme?: Scheme, readonly tags?: string[][] } = {}): Promise<NwcAnswer> {
      const event = compose(method, params, options)
      send(event)
      const answer = await until(() => answersTo(event.id)[0])
      return open(answer.content, options.scheme ?? 'nip44_v2') as NwcAnswer
    },
    notifications: (kind: 23196 | 23197) => events.filter(event => event.kind === kind).map(event => open(event.content, kind === 23197 ? 'nip44_v2' : 'nip04') as { readonly notification_type: string, readonly notification: Readonly<Record<string, unknown>> }),
    close: () => socket.close(),
  }
}
