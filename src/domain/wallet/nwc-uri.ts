import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { isHex32, isPubkey, type Hex32, type Pubkey, type RelayUrl } from '../brand'
import { limits } from '../limits'
import { normalizeRelayUrl } from '../protocol/relay-url'
import { err, ok, type Result } from '../result'

/** A parsed `nostr+walletconnect:` text (NIP-47). `secret` is an authority over money: masked, never logged (T16). */
export interface NwcConnection {
  readonly wallet: Pubkey
  readonly relays: readonly RelayUrl[]
  readonly secret: Hex32
  readonly lud16: string
}

export type NwcUriError = { readonly code: 'not-a-connection' | 'bad-wallet-key' | 'bad-secret' | 'no-relay' | 'bad-relay' }

const SCHEME = /^(?:nostr\+walletconnect|nostrwalletconnect):(?:\/\/)?([^?\s]*)\?(\S+)$/i

/** With or without slashes, the old scheme too, one or more relays, percent-encoded or not (payments.md §4.1). */
export function readNwcUri(text: string): Result<NwcConnection, NwcUriError> {
  const match = text.length > limits.orderText ? null : SCHEME.exec(text.trim())
  if (match === null)
    return err({ code: 'not-a-connection' })
  const wallet = (match[1] ?? '').replace(/\/$/, '').toLowerCase()
  if (!isPubkey(wallet))
    return err({ code: 'bad-wallet-key' })
  const parameters = new URLSearchParams(match[2])
  const secret = (parameters.get('secret') ?? '').toLowerCase()
  if (!isHex32(secret))
    return err({ code: 'bad-secret' })
  const named = parameters.getAll('relay')
  if (named.length === 0)
    return err({ code: 'no-relay' })
  const relays = named.map(normalizeRelayUrl)
  if (relays.some(url => url === null))
    return err({ code: 'bad-relay' })
  return ok({ wallet, secret, lud16: parameters.get('lud16') ?? '', relays: [...new Set(relays.filter(url => url !== null))].slice(0, limits.strangerRelays) })
}

/** What may stand on a screen: which wallet, never the secret. */
export const maskedNwc = ({ wallet, relays }: NwcConnection): string => `${wallet.slice(0, 8)}… · ${relays.join(', ')}`

/** Which connection that is, for what is kept of a payment. It says nothing of the secret. */
export const connectionId = ({ wallet, secret }: Pick<NwcConnection, 'wallet' | 'secret'>): string =>
  bytesToHex(sha256(utf8ToBytes(`payer ${wallet} ${secret}`))).slice(0, 16)
