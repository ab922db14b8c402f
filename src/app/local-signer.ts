export { createLocalSigner } from '../nostr/signers/local'
export { localSignerWithWorkers } from '../nostr/signers/local-with-workers'
