import type { Pubkey, RelayUrl } from '../../domain/brand'
import { isPubkey } from '../../domain/brand'
import { kinds } from '../../domain/protocol/event'
import type { NostrEvent } from '../../domain/protocol/event'
import { tagValue } from '../../domain/protocol/event-shape'
import { parseJson } from '../../domain/protocol/json'
import { readRemoteAnswer } from '../../domain/protocol/nip46-messages'
import { connectUri, remotePermissions, signerRelays } from '../../domain/protocol/nip46-uri'
import { err, ok } from '../../domain/result'
import type { Paired, Pairing, PairingError, RemoteSigners } from '../../ports/remote-signer'
import type { Signer } from '../../ports/signer'
import { refusal } from './foreign'
import { createLocalSigner } from './local'
import type { RemoteOptions } from './nip46'
import { clientHex, remoteSigner, reopenRemote } from './nip46'
import type { RemoteLine, RemoteReply } from './nip46-line'
import { openAnswer, openRemoteLine } from './nip46-line'

const CONNECT_MS = 90_000
/** A code that nobody scans. */
const OFFER_MS = 600_000
const MOVE_MS = 3_000
/** Only the signer knows our key at first; whoever else finds it may not keep us busy. */
const MOST_STRANGERS = 200

const failed = (code: PairingError['code']): Paired => err({ code })

/** A fresh key per pairing: two accounts, or two devices, have nothing in common that a relay could see. */
const newClient = () => {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  return { hex: clientHex(secret), key: createLocalSigner(secret) }
}

export function createRemoteSigners(options: RemoteOptions): RemoteSigners {
  const { port, clock, site } = options
  /** Of the last address that was tried: a secret may count once, so that trying again must not look like somebody else. */
  let tried: { readonly name: string, readonly secret: Uint8Array } | null = null

  function clientFor(name: string): { readonly hex: ReturnType<typeof clientHex>, readonly key: Signer } {
    if (tried?.name !== name)
      tried = { name, secret: crypto.getRandomValues(new Uint8Array(32)) }
    return { hex: clientHex(tried.secret), key: createLocalSigner(new Uint8Array(tried.secret)) }
  }

  /** Asks whose account it is, which need not be the signer's own key, and where the signer would rather be met. */
  async function finish(line: RemoteLine, client: ReturnType<typeof clientHex>, remote: Pubkey, { signal, onLink }: Pairing): Promise<Paired> {
    const [whose, elsewhere] = await Promise.all([
      line.ask('get_public_key', [], { signal, onLink }),
      line.ask('switch_relays', [], { signal, timeoutMs: MOVE_MS }),
    ])
    const pubkey = whose.type === 'result' ? whose.result : null
    if (!isPubkey(pubkey)) {
      line.close()
      return failed(signal.aborted ? 'cancelled' : reasonOf(whose))
    }
    const relays = relaysIn(elsewhere)
    if (relays.length > 0)
      line.moveTo(relays)
    return ok(remoteSigner(line, { client, remote, pubkey }, options))
  }

  return {
    async pair({ remote, relays, secret }, pairing) {
      const client = clientFor(`${remote} ${secret}`)
      const line = openRemoteLine({ key: client.key, remote, relays, port, clock })
      const reply = await line.ask('connect', [remote, secret, remotePermissions.join(','), JSON.stringify(site)], { timeoutMs: CONNECT_MS, ...pairing })
      // Signers answer with a word, or with the secret that they gave out.
      if (reply.type !== 'result' || (reply.result !== 'ack' && (secret === '' || reply.result !== secret))) {
        line.close()
        return failed(pairing.signal.aborted ? 'cancelled' : reasonOf(reply))
      }
      const paired = await finish(line, client.hex, remote, pairing)
      if (paired.ok)
        tried = null
      return paired
    },
    async offer(relays, pairing) {
      const client = newClient()
      const secret = clock.newId().slice(-32)
      const uri = connectUri({ client: client.key.pubkey, relays, secret, ...site })
      const paired = awaitSigner(client.key, signerRelays(relays), secret, pairing).then((remote) => {
        if (remote !== null)
          return finish(openRemoteLine({ key: client.key, remote, relays: signerRelays(relays), port, clock }), client.hex, remote, pairing)
        client.key.close()
        return failed(pairing.signal.aborted ? 'cancelled' : 'no-answer')
      })
      return { uri, paired }
    },
    reopen: async connection => reopenRemote(connection, options),
  }

  /** The first who answers with our secret. `null`: nobody did. */
  function awaitSigner(key: Signer, relays: readonly RelayUrl[], secret: string, { signal }: Pairing): Promise<Pubkey | null> {
    const over = new AbortController()
    const either = AbortSignal.any([over.signal, signal])
    let strangers = 0
    return new Promise<Pubkey | null>((resolve) => {
      const hear = async (event: NostrEvent): Promise<void> => {
        if (tagValue(event, 'p') !== key.pubkey || strangers > MOST_STRANGERS)
          return
        strangers++
        const text = await openAnswer(key, event)
        if (text !== null && readRemoteAnswer(text)?.result === secret)
          resolve(event.pubkey)
      }
      port.subscribe({
        relays,
        filters: [{ 'kinds': [kinds.remoteSigner], '#p': [key.pubkey], 'since': Math.max(0, clock.now() - 120) }],
        signal: either,
        onEvents: events => events.forEach(event => void hear(event)),
      })
      void clock.sleep(OFFER_MS, either).then(() => resolve(null))
    }).finally(() => over.abort())
  }
}

function reasonOf(reply: RemoteReply): PairingError['code'] {
  if (reply.type === 'none')
    return 'no-answer'
  return reply.type === 'result' ? 'bad-answer' : refusal(reply.words) === 'unavailable' ? 'no-answer' : 'declined'
}

function relaysIn(reply: RemoteReply): readonly RelayUrl[] {
  if (reply.type !== 'result')
    return []
  const json = typeof reply.result === 'string' ? parseJson(reply.result) : null
  const named = json?.ok ? json.value : reply.result
  return Array.isArray(named) ? signerRelays(named) : []
}
