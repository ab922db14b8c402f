import type { RelayUrl } from '../../domain/brand'
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
    const text = response.ok ? await readBounded(response) : null
    return text === null ? null : readRelayInfo(JSON.parse(text))
  }
  catch (thrown) {
    // No such document, no permission to read it, too slow, or no JSON.
    if (thrown instanceof TypeError || thrown instanceof DOMException || thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}

async function readBounded(response: Response): Promise<string | null> {
  const reader = response.body?.getReader()
  if (!reader)
    return null
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read()
    if (done)
      return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > RELAY_INFO_BYTES) {
      await reader.cancel()
      return null
    }
    text += decoder.decode(value, { stream: true })
  }
}
