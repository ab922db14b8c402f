import type { RelayUrl } from '../../domain/brand'
import { boundedText } from '../../ports/bounded-text'
import { RELAY_INFO_BYTES, readRelayInfo, type RelayInfo } from '../../domain/protocol/relay-info'

/** Fetches what a relay says of itself; null for whatever goes wrong: a relay without it is as good as before. */
export type FetchInfo = (url: RelayUrl) => Promise<RelayInfo | null>

const PATIENCE_MS = 5_000

/** NIP-11 over HTTP at the relay's own address. Sends nothing of us, follows nobody elsewhere, reads only so much. */
export const fetchRelayInfo: FetchInfo = async (url) => {
  try {
    const response = await fetch(url.replace(/^ws/, 'http'), {
      headers: { accept: 'application/nostr+json' },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = response.ok ? await boundedText(response, RELAY_INFO_BYTES) : null
    return text === null ? null : readRelayInfo(JSON.parse(text))
  }
  catch (thrown) {
    // No such document, no permission to read it, too slow, or no JSON.
    if (thrown instanceof TypeError || thrown instanceof DOMException || thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}
