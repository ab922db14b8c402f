import { isPubkey, type Pubkey, type RelayUrl } from '../brand'
import { limits } from '../limits'
import { err, ok, type Result } from '../result'
import { kinds } from './event'
import { normalizeRelayUrl } from './relay-url'

/** Where a remote signer listens, and the password of its invitation ('': it gave none). */
export interface BunkerAddress { readonly remote: Pubkey, readonly relays: readonly RelayUrl[], readonly secret: string }

/** `own-offer`: a nostrconnect:// text goes into a signer, not out of one. */
export type BunkerError = { readonly code: 'not-a-bunker' | 'own-offer' | 'bad-signer-key' | 'no-signer-relay' | 'bad-signer-relay' | 'bad-signer-secret' }

const MOST_RELAYS = 5
const MOST_SECRET = 512
const SCHEME = /^bunker:(?:\/\/)?([^?\s/]*)\/?(?:\?(\S*))?$/i

/** `bunker://<remote signer>?relay=…&secret=…` (NIP-46). Relays that are none are left out, as long as one is. */
export function readBunker(text: string): Result<BunkerAddress, BunkerError> {
  const plain = text.trim()
  if (/^nostrconnect:/i.test(plain))
    return err({ code: 'own-offer' })
  const match = plain.length > limits.orderText ? null : SCHEME.exec(plain)
  if (match === null)
    return err({ code: 'not-a-bunker' })
  const remote = (match[1] ?? '').toLowerCase()
  if (!isPubkey(remote))
    return err({ code: 'bad-signer-key' })
  // Written by hand more often than encoded: a plus is a plus, as in base64.
  const parameters = new URLSearchParams((match[2] ?? '').replaceAll('+', '%2B'))
  const named = parameters.getAll('relay')
  if (named.length === 0)
    return err({ code: 'no-signer-relay' })
  const relays = signerRelays(named)
  if (relays.length === 0)
    return err({ code: 'bad-signer-relay' })
  const secret = parameters.get('secret') ?? ''
  return secret.length > MOST_SECRET ? err({ code: 'bad-signer-secret' }) : ok({ remote, relays, secret })
}

/** Each once, in one spelling, and no more than five: strangers name them. */
export const signerRelays = (named: readonly unknown[]): readonly RelayUrl[] =>
  [...new Set(named.slice(0, 50).map(normalizeRelayUrl).filter(url => url !== null))].slice(0, MOST_RELAYS)

/**
 * Asked for once, while pairing, so that nobody is asked again for each message: private messages, orders, own listings, and
 * who we are at relays that want to know. No notes, no profile, no contacts, no deletions.
 */
export const remotePermissions: readonly string[] = [
  ...[kinds.directMessage, kinds.seal, kinds.auth, kinds.relayList, kinds.inboxRelays, kinds.stall, kinds.product, kinds.gammaProduct].map(kind => `sign_event:${kind}`),
  'nip04_encrypt', 'nip04_decrypt', 'nip44_encrypt', 'nip44_decrypt',
]

export interface ConnectOffer {
  readonly client: Pubkey
  readonly relays: readonly RelayUrl[]
  /** The signer proves with it that it answers this very offer. */
  readonly secret: string
  readonly name: string
  readonly url: string
}

/** These may stand in a query as they are, and each that is spelled out makes the code to scan denser. */
const readable = (value: string): string => encodeURIComponent(value).replace(/%(?:3A|2C|2F)/g, decodeURIComponent)

/** `nostrconnect://<client>?relay=…&secret=…&perms=…&name=…`, for a code that a signer scans. */
export function connectUri({ client, relays, secret, name, url }: ConnectOffer): string {
  const parts: readonly (readonly [string, string])[] = [
    ...relays.slice(0, MOST_RELAYS).map(relay => ['relay', relay] as const),
    ['secret', secret], ['perms', remotePermissions.join(',')], ['name', name], ...url === '' ? [] : [['url', url] as const],
  ]
  return `nostrconnect://${client}?${parts.map(([key, value]) => `${key}=${readable(value)}`).join('&')}`
}
