import { openSignatureCheck } from '../nostr/verify'
import type { VerifyDone, VerifyTask } from '../nostr/verifier-over-ports'

/** Signature checks off the main thread (T22). Serves every port it is given; what comes through was given its shape there. */
const ready = openSignatureCheck()

self.onmessage = ({ ports }: MessageEvent<'serve'>) => {
  for (const port of ports) {
    port.onmessage = async ({ data: { id, events } }: MessageEvent<VerifyTask>) => {
      const check = await ready
      const done: VerifyDone = { id, verdicts: events.map(check) }
      port.postMessage(done)
    }
  }
}
