import { limits } from '../limits'

const HOST = /^https:\/\/([^\s/?#@:]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:[/?#]|$)/i
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?\//i
const PRIVATE = /^(?:localhost|.*\.local|.*\.internal|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)/i

/**
 * Picture addresses of a listing: https and public hosts only, bad ones are dropped one by one. `single` is the lone `image` that
 * nostr-market-app also reads.
 */
export function readImages(list: unknown, single: unknown, loopback: boolean): readonly string[] {
  const entries = Array.isArray(list) && list.length > 0 ? list as readonly unknown[] : [single]
  return entries.filter((entry): entry is string => isPicture(entry, loopback)).slice(0, limits.images)
}

export function isPicture(entry: unknown, loopback: boolean): entry is string {
  if (typeof entry !== 'string' || entry.length > 2_048)
    return false
  const host = HOST.exec(entry)?.[1]
  return host === undefined ? loopback && LOOPBACK.test(entry) : !PRIVATE.test(host)
}
