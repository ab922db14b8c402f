import type { Verifier } from '../ports/relays'
import type { SignatureCheck } from './verify'
import { openSignatureCheck, verifyOne } from './verify'

/** Checks in this very thread: in a worker, in Node, and where a browser has no workers. */
export function createVerifier(check: Promise<SignatureCheck> = openSignatureCheck()): Verifier {
  return {
    async verify(events) {
      const ready = await check
      return events.map(event => verifyOne(event, ready))
    },
    close: () => undefined,
  }
}
