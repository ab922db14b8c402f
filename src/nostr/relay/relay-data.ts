import { limits } from '../../domain/limits'
import type { RelayFrame } from '../../domain/protocol/relay-frame'
import { readFrame } from '../../domain/protocol/relay-frame'

/** What came out of a socket. null: too big, no text, no JSON, or no frame we know: counted and dropped (T20). */
export function readData(data: unknown): RelayFrame | null {
  if (typeof data !== 'string' || data.length > limits.frameBytes)
    return null
  try {
    return readFrame(JSON.parse(data))
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}
