import type { Pubkey } from '../../../src/domain/brand'
import type { Result } from '../../../src/domain/result'
import { err, ok } from '../../../src/domain/result'
import { createRemoteSigners } from '../../../src/nostr/signers/nip46-pairing'
import { createVerifier } from '../../../src/nostr/verifier'
import type { Signer, SignerError } from '../../../src/ports/signer'
import { createAccounts } from '../../../src/storage/accounts'
import type { DeviceKeys } from '../../../src/storage/device-keys'
import { inlineKeyMaths } from '../../../src/storage/key-maths-inline'
import { memoryKeyValue } from '../../../src/storage/key-value'
import { createHub, HUB } from '../../support/memory-hub'
import { nip46Signer } from '../../support/nip46-signer'
import type { AccountsStage } from '../contracts/accounts.contract'
import { testClock, testSigner } from './people'

/** One device with tabs: Web Storage in memory, the given store of keys, an extension that may be there, a remote signer at a relay. */
export function accountsStage(keys: DeviceKeys, persistent = true) {
  const time = testClock()
  const device = { store: memoryKeyValue(), persistent }
  const extension: AccountsStage['extension'] = { secret: null }
  const connectExtension = async (): Promise<Result<Signer, SignerError>> =>
    extension.secret ? ok(testSigner(extension.secret, 'nip07')) : err({ code: 'unavailable' })
  const laterExtension = (pubkey: Pubkey): Signer => ({ ...testSigner(new Uint8Array(32).fill(1), 'nip07'), pubkey, sign: async () => err({ code: 'unavailable' }) })
  const hub = createHub()
  const remote = nip46Signer(hub.relays, [HUB], { secret: 'sesame', now: time.clock.now })
  // Each tab speaks to the signer by itself.
  const openTab = (tab: typeof device) => createAccounts({
    device, tab, keys, maths: inlineKeyMaths(), clock: time.clock, createLocalSigner: testSigner, connectExtension, laterExtension, logN: 4,
    remotes: createRemoteSigners({ port: hub.relays, clock: time.clock, verifier: createVerifier(), site: { name: 'Souk', url: '' } }),
  })
  const newTabStore = () => ({ store: memoryKeyValue(), persistent })
  const tab = newTabStore()
  return { device, tab, clock: time.clock, accounts: openTab(tab), reload: () => openTab(tab), newTab: () => openTab(newTabStore()), pass: time.pass, extension, remote }
}
