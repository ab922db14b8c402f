import type { Signer } from '../../ports/signer'
import type { OpenWorker } from '../mail/open-in-workers'
import { openInWorkers } from '../mail/open-in-workers'
import { createLocalSigner } from './local'

/**
 * A key in memory (local.ts) that opens letters in workers. Signing and all that a person waits for stays in this thread.
 * @throws Error where the bytes are no secret key of the curve.
 */
export function localSignerWithWorkers(secret: Uint8Array, kind: 'local' | 'guest', workers: { readonly start: () => OpenWorker, readonly count: number }): Signer {
  const signer = createLocalSigner(secret, kind)
  const letters = openInWorkers({ ...workers, secret })
  return {
    ...signer,
    letters,
    close() {
      letters.close()
      signer.close()
    },
  }
}
