import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex32, Pubkey } from '../../domain/brand'
import { isPubkey } from '../../domain/brand'
import { limits } from '../../domain/limits'
import type { UnsignedEvent } from '../../domain/protocol/event'
import { isRecord, parseJson } from '../../domain/protocol/json'
import type { RemoteMethod } from '../../domain/protocol/nip46-messages'
import type { Result } from '../../domain/result'
import { ok } from '../../domain/result'
import type { Clock } from '../../ports/clock'
import type { Relays, Verifier } from '../../ports/relays'
import type { RemoteConnection, RemoteSigner } from '../../ports/remote-signer'
import type { SignerError } from '../../ports/signer'
import { checkSigned, failed, openingRefusal, refusal } from './foreign'
import { createLocalSigner } from './local'
import type { RemoteLine, RemoteReply } from './nip46-line'
import { openRemoteLine } from './nip46-line'

export interface RemoteOptions {
  readonly port: Relays
  readonly clock: Clock
  readonly verifier: Verifier
  /** How the signer is to name us to its owner. */
  readonly site: { readonly name: string, readonly url: string }
}

const READING_MS = 30_000
const LEAVE_MS = 3_000
/** Whether the signer changed its account is asked once in a while, not for every garbled message. */
const LOOK_SECONDS = 60

/** Only words that the signer itself chose are looked at; without any it simply did not answer. */
const noAnswer = (reply: Extract<RemoteReply, { type: 'none' }>): SignerError['code'] =>
  reply.reason === 'closed' ? 'locked' : reply.reason === 'too-long' ? 'unsupported' : 'unavailable'

/** A known connection, silent until something is to be signed or read. */
export function reopenRemote(connection: RemoteConnection, { port, clock, verifier }: RemoteOptions): RemoteSigner {
  const key = createLocalSigner(hexToBytes(connection.client))
  return remoteSigner(openRemoteLine({ key, remote: connection.remote, relays: connection.relays, port, clock }), connection, { clock, verifier })
}

export const clientHex = (secret: Uint8Array): Hex32 => bytesToHex(secret) as Hex32

/** A `Signer` over a line that stands. */
export function remoteSigner(line: RemoteLine, { client, remote, pubkey }: Omit<RemoteConnection, 'relays'>, { clock, verifier }: Pick<RemoteOptions, 'clock' | 'verifier'>): RemoteSigner {
  const can = { nip04: true, nip44: true }
  let open = true
  let leaving = false
  let lookedAt = 0

  async function sign(event: UnsignedEvent): ReturnType<RemoteSigner['sign']> {
    if (!open)
      return failed('locked')
    const reply = await line.ask('sign_event', [JSON.stringify({ pubkey, kind: event.kind, created_at: event.created_at, tags: event.tags, content: event.content })])
    if (reply.type !== 'result')
      return failed(reply.type === 'none' ? noAnswer(reply) : refusal(reply.words))
    return checkSigned(eventIn(reply.result), event, pubkey, verifier)
  }

  async function cipher(method: Extract<RemoteMethod, `nip${string}`>, other: Pubkey, text: string): Promise<Result<string, SignerError>> {
    if (!open)
      return failed('locked')
    const reading = method.endsWith('decrypt')
    const reply = await line.ask(method, [other, text], reading ? { reading, timeoutMs: READING_MS } : {})
    if (reply.type === 'result')
      return typeof reply.result === 'string' ? ok(reply.result) : failed('bad-answer')
    if (reply.type === 'none')
      return failed(noAnswer(reply))
    const code = reading ? openingRefusal(reply.words) : refusal(reply.words)
    if (code === 'unsupported')
      can[method.startsWith('nip44') ? 'nip44' : 'nip04'] = false
    return failed(code === 'decrypt' && await isAnother() ? 'wrong-account' : code)
  }

  /** Another account's key opens nothing of ours: that is no fault of the message. */
  async function isAnother(): Promise<boolean> {
    if (clock.now() - lookedAt < LOOK_SECONDS)
      return false
    lookedAt = clock.now()
    const reply = await line.ask('get_public_key', [], { reading: true, timeoutMs: READING_MS })
    return reply.type === 'result' && isPubkey(reply.result) && reply.result !== pubkey
  }

  function close(): void {
    open = false
    if (!leaving)
      line.close()
  }

  return {
    kind: 'nip46',
    pubkey,
    can,
    presence: line.presence,
    sign,
    nip04Encrypt: (to, plaintext) => cipher('nip04_encrypt', to, plaintext),
    nip04Decrypt: (from, ciphertext) => cipher('nip04_decrypt', from, ciphertext),
    nip44Encrypt: (to, plaintext) => cipher('nip44_encrypt', to, plaintext),
    nip44Decrypt: (from, ciphertext) => cipher('nip44_decrypt', from, ciphertext),
    connection: () => ({ client, remote, pubkey, relays: line.relays() }),
    leave() {
      open = false
      leaving = true
      void line.ask('logout', [], { timeoutMs: LEAVE_MS }).then(() => line.close())
    },
    close,
  }
}

/** NIP-46 has the event as a text; signers that hand the object over are understood. */
function eventIn(result: unknown): unknown {
  if (isRecord(result))
    return result
  const json = typeof result === 'string' ? parseJson(result, limits.messageContent * 2) : null
  return json?.ok ? json.value : null
}
