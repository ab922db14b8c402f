import { describe } from 'vitest'
import { openNwcSource } from '../../../src/payments/nwc-source'
import { RECEIVE } from '../../../sandbox/wallet/nwc-methods'
import { realClock } from '../payments/hub'
import { walletStage } from '../payments/sandbox-stage'
import { invoiceSourceContract } from './invoice-source.contract'

describe('NWC against the sandbox wallet', () => {
  invoiceSourceContract(async () => {
    const stage = await walletStage(RECEIVE)
    return {
      open: () => openNwcSource({ connection: stage.connection, relays: stage.relays(), clock: realClock, network: 'regtest' }),
      pay: async bolt11 => (await stage.lightning.pay(bolt11)).paid,
      loseAnswers: (lost) => { stage.faults.garbled = lost },
      setWrongAmount: (wrong) => { stage.faults.wrongAmount = wrong },
      cut: () => stage.relay.stop(),
      restore: () => stage.relay.start(),
      close: stage.close,
    }
  })
})
