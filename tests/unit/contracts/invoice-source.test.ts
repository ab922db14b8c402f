import { describe } from 'vitest'
import { WebSocket } from 'ws'
import { openAddressSource } from '../../../src/payments/address-source'
import { openLnbits } from '../../../src/payments/lnbits'
import { openNwcSource } from '../../../src/payments/nwc-source'
import { toSeconds } from '../../../src/domain/brand'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { noFaults } from '../../../sandbox/wallet/faults'
import { LnbitsApi } from '../../../sandbox/wallet/lnbits-api'
import { lnurlApi } from '../../../sandbox/wallet/lnurl-api'
import { HOLD, RECEIVE } from '../../../sandbox/wallet/nwc-methods'
import { serveWallet } from '../../../sandbox/wallet/server'
import { Account } from '../../../sandbox/wallet/till'
import { realClock } from '../payments/hub'
import { walletStage } from '../payments/sandbox-stage'
import { holdingSourceContract, plainSourceContract } from './holding-source.contract'
import { invoiceSourceContract, type SourceStage } from './invoice-source.contract'

describe('NWC against the sandbox wallet', () => {
  invoiceSourceContract(async () => {
    const stage = await walletStage(RECEIVE)
    return {
      open: () => openNwcSource({ connection: stage.connection, relays: stage.relays(), clock: realClock, network: 'regtest' }),
      pay: async bolt11 => (await stage.lightning.pay(bolt11)).paid,
      loseAnswers: (lost) => { stage.faults.garbled = lost },
      setWrongAmount: (wrong) => { stage.faults.wrongAmount = wrong },
      cut: stage.cut,
      restore: () => stage.relay.start(),
      close: stage.close,
    }
  })
})

describe('NWC against a sandbox wallet that can hold', () => {
  const build = async () => {
    let ahead = 0
    const stage = await walletStage(HOLD, 0, { now: () => toSeconds(realClock.now() + ahead), holdSeconds: 600 })
    return {
      open: () => openNwcSource({ connection: stage.connection, relays: stage.relays(), clock: realClock, network: 'regtest' }),
      pay: async (bolt11: string) => (await stage.lightning.pay(bolt11)).paid,
      loseAnswers: (lost: boolean) => { stage.faults.garbled = lost },
      setWrongAmount: (wrong: boolean) => { stage.faults.wrongAmount = wrong },
      pass(seconds: number) {
        ahead += seconds
        stage.lightning.tick()
        ahead = 0
      },
      cut: stage.cut,
      restore: () => stage.relay.start(),
      close: stage.close,
    }
  }
  holdingSourceContract(build)
})

describe('NWC against a wallet that cannot hold', () => {
  plainSourceContract(async () => {
    const stage = await walletStage(RECEIVE)
    return { open: () => openNwcSource({ connection: stage.connection, relays: stage.relays(), clock: realClock, network: 'regtest' }), close: stage.close }
  })
})

describe('LNbits against the sandbox wallet', () => {
  const build = async (): Promise<SourceStage> => {
    const invoiceKey = 'a1'.repeat(16)
    const lightning = new LedgerBackend(realClock.now)
    const faults = noFaults()
    const account = new Account('Shop', 'merchant', 0, lightning, faults, realClock.now)
    lightning.onReceived(payment => account.settle(payment))
    const api = new LnbitsApi([{ account, invoiceKey, adminKey: 'b2'.repeat(16) }], faults, realClock.now)
    let server = await serveWallet(0, api, [])
    const { url } = server
    let lost = false
    /** The wallet does as it was asked; the connection breaks before its answer is here. */
    const losing = async (address: string, init: RequestInit): Promise<Response> => {
      const answer = await fetch(address, init)
      if (lost && init.method === 'POST')
        throw new TypeError('Failed to fetch')
      return answer
    }
    return {
      open: () => openLnbits({ url, invoiceKey, network: 'regtest', clock: realClock, fetch: losing, makeSocket: address => new WebSocket(address) as unknown as globalThis.WebSocket }),
      pay: async bolt11 => (await lightning.pay(bolt11)).paid,
      loseAnswers: (yes) => { lost = yes },
      setWrongAmount: (wrong) => { faults.wrongAmount = wrong },
      cut: () => server.close(),
      restore: async () => { server = await serveWallet(Number(new URL(url).port), api, []) },
      async close() {
        await server.close()
        await lightning.close()
      },
    }
  }
  invoiceSourceContract(build)
  plainSourceContract(build)
})

describe('a Lightning address against the sandbox wallet', () => {
  const build = async (): Promise<SourceStage> => {
    const lightning = new LedgerBackend(realClock.now)
    const faults = noFaults()
    const account = new Account('Shop', 'merchant', 0, lightning, faults, realClock.now)
    lightning.onReceived(payment => account.settle(payment))
    const serve = (port: number) => serveWallet(port, new LnbitsApi([], faults, realClock.now), [lnurlApi({ amina: account }, faults)])
    let server = await serve(0)
    const { host, port } = new URL(server.url)
    return {
      open: () => openAddressSource({ address: `amina@${host}`, network: 'regtest', clock: realClock, loopback: true }),
      pay: async bolt11 => (await lightning.pay(bolt11)).paid,
      loseAnswers: (lost) => { faults.loseAnswer = lost },
      setWrongAmount: (wrong) => { faults.wrongAmount = wrong },
      setExpiry: (seconds) => { faults.expirySeconds = seconds },
      cut: () => server.close(),
      restore: async () => { server = await serve(Number(port)) },
      async close() {
        await server.close()
        await lightning.close()
      },
    }
  }
  invoiceSourceContract(build, { recalls: false, push: false, incoming: false })
  plainSourceContract(build)
})
