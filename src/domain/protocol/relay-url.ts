import type { RelayUrl } from '../brand'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * One spelling for one relay: lower-case host, no default port, no fragment, a single slash for an empty path.
 * `wss` only, `ws` on loopback (transport.md §4). null for what is no relay address.
 */
export function normalizeRelayUrl(text: unknown): RelayUrl | null {
  if (typeof text !== 'string' || text.length > 512)
    return null
  const match = /^(wss?):\/\/([^\s/?#@]+)(\/[^\s?#]*)?(\?[^\s#]*)?(?:#\S*)?$/i.exec(text.trim())
  if (match === null)
    return null
  const scheme = (match[1] ?? '').toLowerCase()
  const [host = '', port] = splitPort((match[2] ?? '').toLowerCase())
  if (!isHost(host) || (scheme === 'ws' && !LOOPBACK.test(host)))
    return null
  const isDefault = port === undefined || port === (scheme === 'wss' ? '443' : '80')
  const path = (match[3] ?? '/').replace(/\/{2,}/g, '/')
  const tidy = path.length > 1 ? path.replace(/\/$/, '') : path
  return `${scheme}://${host}${isDefault ? '' : `:${port}`}${tidy}${match[4] ?? ''}` as RelayUrl
}

function splitPort(authority: string): readonly [string, string?] {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(authority)
  if (match === null || Number(match[2] ?? 1) > 65_535)
    return ['']
  return match[2] === undefined ? [match[1] ?? ''] : [match[1] ?? '', String(Number(match[2]))]
}

const isHost = (host: string): boolean => LOOPBACK.test(host) || /^\[[0-9a-f:.]+\]$/.test(host)
  || (host.length <= 253 && host.includes('.') && host.split('.').every(label => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u.test(label)))

export const isLoopbackRelay = (url: RelayUrl): boolean => LOOPBACK.test(/^wss?:\/\/(\[[^\]]+\]|[^:/]+)/.exec(url)?.[1] ?? '')
