import 'fake-indexeddb/auto'
import { describe } from 'vitest'
import { deviceKeysDb, memoryDeviceKeys } from '../../../src/storage/device-keys'
import { accountsStage } from '../storage/stage'
import { accountsContract } from './accounts.contract'

describe('accounts in memory', () => accountsContract(() => accountsStage(memoryDeviceKeys(), false)))
describe('accounts on a device', () => accountsContract(() => accountsStage(deviceKeysDb())))
