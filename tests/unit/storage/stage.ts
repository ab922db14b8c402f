import type { Result } from '../../../src/domain/result'
import { err, ok } from '../../../src/domain/result'
import type { Signer, SignerError } from '../../../src/ports/signer'
import { createAccounts } from '../../../src/storage/accounts'
import type { DeviceKeys } from '../../../src/storage/device-keys'
import { inlineKeyMaths } from '../../../src/storage/key-maths-inline'
import { memoryKeyValue } from '../../../src/storage/key-value'
import type { AccountsStage } from '../contracts/accounts.contract'
import { testClock, testSigner } from './people'

/** One device with tabs: Web Storage in memory, the given store of keys, an extension that may be there. */
export function accountsStage(keys: DeviceKeys, persistent = true) {
  const time = testClock()
  const device = { store: memoryKeyValue(), persistent }
  const extension: AccountsStage['extension'] = { secret: null }
  const connectExtension = async (): Promise<Result<Signer, SignerError>> =>
    extension.secret ? ok(testSigner(extension.secret, 'nip07')) : err({ code: 'unavailable' })
  const openTab = (tab: typeof device) => createAccounts({ device, tab, keys, maths: inlineKeyMaths(), clock: time.clock, createLocalSigner: testSigner, connectExtension, logN: 4 })
  const newTabStore = () => ({ store: memoryKeyValue(), persistent })
  const tab = newTabStore()
  return { device, tab, clock: time.clock, accounts: openTab(tab), reload: () => openTab(tab), newTab: () => openTab(newTabStore()), pass: time.pass, extension }
}
