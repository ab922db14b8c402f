/**
 * A remote signer (NIP-46) as people run them: a key of its own, the account's key behind it, clients let in by secret and held
 * to what they asked leave for. Over relays in memory, or over a real one.
 */
import { decrypt as open04, encrypt as seal04 } from 'nostr-tools/nip04'
import { v2 as nip44 } from 'nostr-tools/nip44'
import { finalizeEvent } from 'nostr-tools/pure'
import { WebSocket } from 'ws'
import type { Pubkey, RelayUrl } from '../../src/domain/brand'
import type { NostrEvent } from '../../src/domain/protocol/event'
import type { Relays } from '../../src/ports/relays'
import { nowSeconds, person, relayUrl, signed, type Person } from './signed'

const KIND = 24_133

export interface SignerManners {
  /** Answers this much later. */
  lateMs: number
  /** Takes everything in, and says nothing: all methods, or these. */
  hangs: boolean | readonly string[]
  /** Says no in these words: to all methods but connect and get_public_key, or to those named. */
  denies: { readonly words: string, readonly methods?: readonly string[] } | null
  twice: boolean
  /** Signs with this account's key instead. */
  signsAs: Person | null
  /** Changes a signed event on the way back. */
  tampers: ((event: object) => unknown) | null
  cipher: 'nip44' | 'nip04'
  /** What `connect` is answered with, if not `ack`. */
  greets: 'ack' | 'secret' | (string & {})
  /** What it says to a scanned code, if not the code's secret. */
  answersCode: string | null
  /** Sends its owner to a page first, and answers when `approve()` is called. */
  authUrl: string | null
  /** Where it would rather be met. */
  movesTo: readonly string[] | null
}

export interface AskedOfSigner { readonly id: string, readonly method: string, readonly params: readonly string[], readonly client: string }

export interface Nip46Signer {
  readonly remote: Pubkey
  readonly user: Person
  /** What is pasted into the client. */
  readonly bunker: string
  readonly manners: SignerManners
  /** All that was asked, in order. */
  readonly asked: readonly AskedOfSigner[]
  asks(method: string): number
  /** Reads a nostrconnect:// code, as a camera would. */
  scan(uri: string): void
  /** Its owner said yes on the page of `authUrl`. */
  approve(): void
  /** Wakes up: answers what it was silent to, late as it is. */
  answerAll(): void
  close(): void
}

interface Options { readonly user?: Person, readonly key?: Person, readonly secret?: string, readonly now?: () => number, readonly manners?: Partial<SignerManners> }
interface Way { readonly relays: readonly string[], readonly send: (event: NostrEvent) => void, readonly listen: (remote: Pubkey, hear: (event: NostrEvent) => void) => () => void }

const polite: SignerManners = { lateMs: 0, hangs: false, denies: null, twice: false, signsAs: null, tampers: null, cipher: 'nip44', greets: 'ack', answersCode: null, authUrl: null, movesTo: null }

function createSigner(way: Way, { user = person(), key = person(), secret = '', now = nowSeconds, manners: own = {} }: Options): Nip46Signer {
  const manners = { ...polite, ...own }
  const asked: AskedOfSigner[] = []
  const done = new Set<string>()
  /** Clients that were let in, and what they may do. */
  const clients = new Map<string, readonly string[]>()
  let waiting: (() => void)[] = []
  const slept: (() => void)[] = []

  const conversation = (other: string) => nip44.utils.getConversationKey(key.secret, other)
  const open = (event: NostrEvent): string => event.content.includes('?iv=') ? open04(key.secret, event.pubkey, event.content) : nip44.decrypt(event.content, conversation(event.pubkey))

  function say(client: string, answer: object): void {
    const text = JSON.stringify(answer)
    const sealed = () => manners.cipher === 'nip04' ? seal04(key.secret, client, text) : nip44.encrypt(text, conversation(client))
    const send = () => way.send(signed({ kind: KIND, created_at: now(), tags: [['p', client]], content: sealed() }, key))
    const tell = () => {
      send()
      if (manners.twice)
        send()
    }
    if (manners.lateMs > 0)
      setTimeout(tell, manners.lateMs)
    else
      tell()
  }

  const may = (client: string, method: string, kind?: number): boolean => {
    const allowed = clients.get(client)
    return allowed !== undefined && (method === 'get_public_key' || allowed.includes(kind === undefined ? method : `${method}:${kind}`))
  }

  function work(client: string, method: string, params: readonly string[]): unknown {
    const [first = '', text = ''] = params
    switch (method) {
      case 'ping': return 'pong'
      case 'logout':
        clients.delete(client)
        return 'ack'
      case 'switch_relays': return manners.movesTo === null ? 'null' : JSON.stringify(manners.movesTo)
      case 'connect':
        if (first !== key.pubkey || (secret !== '' && text !== secret))
          throw new Error('invalid secret')
        clients.set(client, (params[2] ?? '').split(','))
        return manners.greets === 'secret' ? secret : manners.greets
      case 'get_public_key':
        if (!may(client, method))
          throw new Error('unauthorized')
        return user.pubkey
      case 'sign_event': {
        const template = JSON.parse(first) as { kind: number, created_at: number, tags: string[][], content: string }
        if (!may(client, method, template.kind))
          throw new Error(`no permission for kind ${template.kind}`)
        const event = finalizeEvent({ kind: template.kind, created_at: template.created_at, tags: template.tags, content: template.content }, (manners.signsAs ?? user).secret)
        return JSON.stringify(manners.tampers === null ? event : manners.tampers({ ...event }))
      }
      case 'nip04_encrypt': case 'nip04_decrypt': case 'nip44_encrypt': case 'nip44_decrypt': {
        if (!may(client, method))
          throw new Error('no permission')
        if (method === 'nip04_encrypt')
          return seal04(user.secret, first, text)
        if (method === 'nip04_decrypt')
          return open04(user.secret, first, text)
        const own = nip44.utils.getConversationKey(user.secret, first)
        return method === 'nip44_encrypt' ? nip44.encrypt(text, own) : nip44.decrypt(text, own)
      }
      default: throw new Error(`unknown method ${method}`)
    }
  }

  function answer(client: string, id: string, method: string, params: readonly string[]): void {
    const { denies } = manners
    if (denies !== null && (denies.methods?.includes(method) ?? !['connect', 'get_public_key', 'ping'].includes(method)))
      return say(client, { id, result: '', error: denies.words })
    try {
      say(client, { id, result: work(client, method, params) })
    }
    catch (thrown) {
      say(client, { id, result: '', error: thrown instanceof Error ? thrown.message : 'error' })
    }
  }

  function hear(event: NostrEvent): void {
    // An id counts once, as with real signers.
    if (done.has(event.id))
      return
    done.add(event.id)
    const { id, method, params } = JSON.parse(open(event)) as { id: string, method: string, params: string[] }
    asked.push({ id, method, params, client: event.pubkey })
    if (manners.hangs === true || (manners.hangs !== false && manners.hangs.includes(method)))
      return void slept.push(() => answer(event.pubkey, id, method, params))
    if (manners.authUrl !== null && method !== 'ping' && method !== 'switch_relays') {
      waiting.push(() => answer(event.pubkey, id, method, params))
      return say(event.pubkey, { id, result: 'auth_url', error: manners.authUrl })
    }
    answer(event.pubkey, id, method, params)
  }

  const end = way.listen(key.pubkey, hear)
  const query = [...way.relays.map(relay => `relay=${encodeURIComponent(relay)}`), ...secret === '' ? [] : [`secret=${secret}`]].join('&')
  return {
    remote: key.pubkey,
    user,
    bunker: `bunker://${key.pubkey}?${query}`,
    manners,
    asked,
    asks: method => asked.filter(one => one.method === method).length,
    scan(uri) {
      const match = /^nostrconnect:\/\/([0-9a-f]{64})\?(.*)$/.exec(uri)
      const parameters = new URLSearchParams(match?.[2] ?? '')
      const client = match?.[1] ?? ''
      clients.set(client, (parameters.get('perms') ?? '').split(','))
      say(client, { id: 'scanned', result: manners.answersCode ?? parameters.get('secret') })
    },
    approve() {
      const all = waiting
      waiting = []
      manners.authUrl = null
      all.forEach(go => go())
    },
    answerAll() {
      manners.hangs = false
      slept.splice(0).forEach(go => go())
    },
    close: end,
  }
}

/** Over relays in memory, or a pool of real ones. */
export function nip46Signer(relays: Relays, urls: readonly RelayUrl[], options: Options = {}): Nip46Signer {
  return createSigner({
    relays: urls,
    send: event => void relays.publish(event, urls),
    listen(remote, hear) {
      const life = new AbortController()
      relays.subscribe({ relays: urls, filters: [{ 'kinds': [KIND], '#p': [remote] }], signal: life.signal, onEvents: events => events.forEach(hear) })
      return () => life.abort()
    },
  }, options)
}

/** Over a real relay, for tests in a browser. Resolves when it listens. */
export async function startNip46Signer({ relayUrl: text, ...options }: Options & { readonly relayUrl: string }): Promise<Nip46Signer> {
  const url = relayUrl(text)
  const socket = new WebSocket(url)
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const listening = new Promise<void>((resolve) => {
    socket.on('message', (data) => { if (String(data).startsWith('["EOSE"')) resolve() })
  })
  const signer = createSigner({
    relays: [url],
    send: event => socket.send(JSON.stringify(['EVENT', event])),
    listen(remote, hear) {
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as [string, string, NostrEvent]
        if (frame[0] === 'EVENT')
          hear(frame[2])
      })
      socket.send(JSON.stringify(['REQ', 'signer', { 'kinds': [KIND], '#p': [remote], 'since': Math.floor(Date.now() / 1000) - 5 }]))
      return () => socket.close()
    },
  }, options)
  await listening
  return signer
}
