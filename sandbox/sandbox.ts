import { HOLD_SECONDS, type LightningBackend } from './lightning/backend'
import type { Relay } from './relay/relay'
import type { WalletFaults } from './wallet/faults'
import type { Event } from '@nostr-relay/common'
import { bytesToHex } from '@noble/hashes/utils.js'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { nsecEncode } from 'nostr-tools/nip19'
import { getPublicKey } from 'nostr-tools/pure'
import { Bots } from './bots'
import { controls, pictures } from './control'
import { LdkBackend } from './lightning/ldk'
import { LedgerBackend } from './lightning/ledger'
import { gammaEvents, twinEvents } from './market/gamma-seed'
import { PEOPLE } from './market/goods'
import { readdressed } from './market/readdress'
import { marketEvents, secretOf } from './market/seed'
import { startRelay } from './relay/relay'
import { noFaults } from './wallet/faults'
import { LnbitsApi } from './wallet/lnbits-api'
import { HOLD, RECEIVE, SPEND } from './wallet/nwc-methods'
import { lnurlApi } from './wallet/lnurl-api'
import { NwcService } from './wallet/nwc-service'
import type { WalletServer } from './wallet/server'
import { serveWallet } from './wallet/server'
import { Account } from './wallet/till'

export interface SandboxOptions {
  /** Folder for what outlives a restart; absent: memory only. */
  readonly data?: string
  readonly relayPort?: number
  readonly walletPort?: number
  /** A second relay that shows private messages only after AUTH, as stock strfry does; absent: none. */
  readonly authRelayPort?: number
  readonly lightning?: 'ldk' | 'ledger'
  /** How long the wallets hold a payment that nobody takes or gives back; default half an hour. */
  readonly holdSeconds?: number
  /** The demo market and the merchants that nobody plays. Default true. */
  readonly market?: boolean
  /** Whether they answer orders. Default true. */
  readonly bots?: boolean
  readonly maxLimit?: number
}

export interface Sandbox {
  readonly relayUrl: string
  readonly authRelayUrl: string | null
  readonly walletUrl: string
  readonly relay: Relay
  readonly lightning: LightningBackend
  readonly faults: WalletFaults
  readonly accounts: { readonly amina: Account, readonly bruno: Account, readonly chiyo: Account, readonly dario: Account, readonly esma: Account, readonly shopper: Account, readonly refunds: Account }
  /** Connection strings: receive-only for merchants, spending for the shopper and for refunds. */
  readonly nwc: Readonly<Record<keyof typeof PEOPLE | 'shopper' | 'refunds', string>>
  /** Bruno's; every merchant has one under `lnbitsOf`. */
  readonly lnbits: LnbitsAccess
  readonly lnbitsOf: Readonly<Record<keyof typeof PEOPLE, LnbitsAccess>>
  readonly bots: Bots
  readonly personas: Personas
  stop(): Promise<void>
}

export interface LnbitsAccess { readonly url: string, readonly invoiceKey: string, readonly adminKey: string }

/** As src/ports/personas.ts has it. */
export interface Personas {
  readonly shopper: { readonly nsec: string, readonly name: string, readonly walletUri: string }
  readonly merchant: { readonly nsec: string, readonly name: string, readonly wallet: { readonly kind: 'nwc', readonly uri: string } }
}

const key = (text: string): string => createHash('sha256').update(`souk sandbox ${text}`).digest('hex').slice(0, 32)
const now = (): number => Math.floor(Date.now() / 1000)

/** Relay, Lightning, wallets and market in one process, on loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { data, market = true, maxLimit = 500 } = options
  const file = (name: string): { readonly file?: string } => (data === undefined ? {} : { file: path.join(data, name) })
  const relay = await startRelay({ port: options.relayPort ?? 0, maxLimit, ...file('relay.jsonl') })
  const authRelay = options.authRelayPort === undefined ? null : await startRelay({ port: options.authRelayPort, auth: 'silent', name: 'Souk sandbox relay with AUTH', ...file('auth-relay.jsonl') })
  const faults = noFaults()
  const holdSeconds = (): number => faults.holdSeconds ?? options.holdSeconds ?? HOLD_SECONDS
  const lightning = options.lightning === 'ledger' ? new LedgerBackend(now, undefined, holdSeconds) : await LdkBackend.open(now, holdSeconds)

  const merchant = (name: keyof typeof PEOPLE): Account => new Account(PEOPLE[name].name, 'merchant', 0, lightning, faults, now)
  const accounts = { amina: merchant('amina'), bruno: merchant('bruno'), chiyo: merchant('chiyo'), dario: merchant('dario'), esma: merchant('esma'), shopper: new Account('Your pocket', 'shopper', 5_000_000_000, lightning, faults, now), refunds: new Account('Refunds', 'merchant', 500_000_000, lightning, faults, now) }
  lightning.onReceived(payment => Object.values(accounts).forEach(account => account.settle(payment)))
  lightning.onHold(event => Object.values(accounts).forEach(account => account.hold(event)))
  const ticking = setInterval(() => lightning.tick(), 1_000)
  ticking.unref()

  const service = (name: keyof typeof accounts, methods: readonly string[]): NwcService =>
    new NwcService({ account: accounts[name], methods, relayUrl: relay.url, faults, now, keys: { service: secretOf(`wallet service ${name}`), client: secretOf(`wallet client ${name}`) } })
  const services = { amina: service('amina', HOLD), bruno: service('bruno', RECEIVE), chiyo: service('chiyo', RECEIVE), dario: service('dario', HOLD), esma: service('esma', RECEIVE), shopper: service('shopper', SPEND), refunds: service('refunds', SPEND) }
  await Promise.all(Object.values(services).map(entry => entry.ready()))

  const keysOf = (name: keyof typeof PEOPLE): Omit<LnbitsAccess, 'url'> => ({ invoiceKey: key(`lnbits invoice ${name}`), adminKey: key(`lnbits admin ${name}`) })
  const lnbits = new LnbitsApi((['amina', 'bruno', 'chiyo', 'dario', 'esma'] as const).map(name => ({ account: accounts[name], ...keysOf(name) })), faults, now)
  const personas: Personas = {
    shopper: { nsec: nsecEncode(secretOf('shopper')), name: 'Sam Shopper', walletUri: services.shopper.uri },
    merchant: { nsec: nsecEncode(secretOf('amina')), name: PEOPLE.amina.name, wallet: { kind: 'nwc', uri: services.amina.uri } },
  }
  const bots = new Bots(relay, accounts, now)
  const nwc = { amina: services.amina.uri, bruno: services.bruno.uri, chiyo: services.chiyo.uri, dario: services.dario.uri, esma: services.esma.uri, shopper: services.shopper.uri, refunds: services.refunds.uri }
  const wallets = (url: string) => {
    const access = (name: keyof typeof PEOPLE): LnbitsAccess => ({ url, ...keysOf(name) })
    return { nwc, lnbits: { amina: access('amina'), bruno: access('bruno'), chiyo: access('chiyo'), dario: access('dario'), esma: access('esma') } }
  }
  const steered = { relay, authRelay, faults, lightning, bots, personas: () => personas, wallets: () => wallets(server.url) }
  const server: WalletServer = await serveWallet(options.walletPort ?? 0, lnbits, [pictures, controls(steered), lnurlApi({ amina: accounts.amina, bruno: accounts.bruno, chiyo: accounts.chiyo, dario: accounts.dario, esma: accounts.esma }, faults)])

  if (market) {
    if (relay.find({ kinds: [30017], authors: [getPublicKey(secretOf('amina'))], limit: 1 }).length === 0)
      relay.load(marketEvents(server.url, relay.url, now()) as readonly Event[])
    relay.load(gammaEvents(relay.find, server.url, relay.url, now()) as readonly Event[])
    relay.load(twinEvents(relay.find, 'chiyo') as readonly Event[])
    relay.load(readdressed(relay.find, server.url, relay.url))
    bots.set(options.bots ?? true)
  }

  return {
    relayUrl: relay.url,
    authRelayUrl: authRelay?.url ?? null,
    walletUrl: server.url,
    relay,
    lightning,
    faults,
    accounts,
    nwc,
    lnbits: wallets(server.url).lnbits.bruno,
    lnbitsOf: wallets(server.url).lnbits,
    bots,
    personas,
    async stop() {
      bots.set(false)
      clearInterval(ticking)
      for (const entry of Object.values(services))
        entry.close()
      await server.close()
      await Promise.all([relay.close(), authRelay?.close(), lightning.close()])
    },
  }
}

export const publicKeyOf = (name: keyof typeof PEOPLE | 'shopper'): string => getPublicKey(secretOf(name))
export const secretHexOf = (name: string): string => bytesToHex(secretOf(name))
