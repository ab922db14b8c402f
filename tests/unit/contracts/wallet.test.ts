import { describe } from 'vitest'
import type { Msat } from '../../../src/domain/brand'
import { openNwcWallet } from '../../../src/payments/nwc-wallet'
import { SPEND } from '../../../sandbox/wallet/nwc-methods'
import { realClock } from '../payments/hub'
import { walletStage } from '../payments/sandbox-stage'
import { walletContract } from './wallet.contract'

describe('NWC against the sandbox wallet', () => {
  walletContract(async () => {
    const balance = 100_000_000 as Msat
    const stage = await walletStage(SPEND, balance)
    return {
      open: () => openNwcWallet({ connection: stage.connection, relays: stage.relays(), clock: realClock }),
      invoice: async (msat, expirySeconds) => (await stage.lightning.invoice(msat, 'order', expirySeconds)).bolt11,
      received: paymentHash => stage.lightning.received(paymentHash)?.msat,
      balance,
      loseAnswers: (lost) => { stage.faults.garbled = lost },
      answerTwice: (twice) => { stage.faults.twice = twice },
      breakAfterPaying: (breaks) => { stage.faults.internalAfterPaying = breaks },
      cut: stage.cut,
      restore: () => stage.relay.start(),
      close: stage.close,
    }
  })
})
