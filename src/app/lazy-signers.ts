import type { RemoteOptions } from '../nostr/signers/nip46'
import type { RemoteSigners } from '../ports/remote-signer'

/** Most people's keys are not in a remote signer: its code comes with the first use. */
export function lazyRemoteSigners(options: RemoteOptions): RemoteSigners {
  let loading: Promise<RemoteSigners> | null = null
  const load = (): Promise<RemoteSigners> => loading ??= import('../nostr/signers/nip46-pairing').then(({ createRemoteSigners }) => createRemoteSigners(options))
  return {
    pair: async (bunker, pairing) => (await load()).pair(bunker, pairing),
    offer: async (relays, pairing) => (await load()).offer(relays, pairing),
    reopen: async connection => (await load()).reopen(connection),
  }
}
