/** Every door of the house in memory: what a device remembers, one relay, and a ledger for a Lightning node. */
import { tabVaults } from '../../src/storage/tab-vault'
import { createVerifier } from '../../src/nostr/verifier'
import { isHex32, toMsat, toSeconds, type Address, type Pubkey } from '../../src/domain/brand'
import type { Product, Stall } from '../../src/domain/catalog/types'
import { decodeInvoice } from '../../src/domain/invoice/bolt11'
import { err, ok } from '../../src/domain/result'
import { connectionId } from '../../src/domain/wallet/nwc-uri'
import { createMail } from '../../src/nostr/mail'
import { createLocalSigner } from '../../src/nostr/signers/local'
import { createRemoteSigners } from '../../src/nostr/signers/nip46-pairing'
import type { CatalogBatch } from '../../src/ports/catalog-feed'
import type { Clock } from '../../src/ports/clock'
import type { InvoiceSource } from '../../src/ports/invoices'
import type { Journal } from '../../src/ports/journal'
import type { PayAddress } from '../../src/ports/pay-address'
import type { Rates } from '../../src/ports/rates'
import type { Services } from '../../src/ports/services'
import type { Wallet } from '../../src/ports/wallet'
import { createAccounts } from '../../src/storage/accounts'
import { memoryDeviceKeys, type DeviceKeys } from '../../src/storage/device-keys'
import { inlineKeyMaths } from '../../src/storage/key-maths-inline'
import { memoryKeyValue, type KeyValue } from '../../src/storage/key-value'
import { createLocalSnapshots } from '../../src/storage/local-snapshots'
import { createMemoryJournal } from '../../src/storage/memory'
import { LedgerBackend } from '../../sandbox/lightning/ledger'
import { HUB, type Hub } from './memory-hub'

/** What outlives a closed page: a second page over the same device is a reload, or another tab. */
export interface Device {
  readonly store: KeyValue
  readonly tab: KeyValue
  readonly keys: DeviceKeys
  readonly journals: Map<Pubkey, Journal>
  readonly heard: Set<(key: string | null, by: object) => void>
}

export const newDevice = (): Device => ({ store: memoryKeyValue(), tab: memoryKeyValue(), keys: memoryDeviceKeys(), journals: new Map(), heard: new Set() })

export interface StageOptions {
  readonly clock: Clock
  readonly hub: Hub
  readonly ledger?: LedgerBackend
  readonly device?: Device
  /** Listings that are on the shelf from the start. */
  readonly shelf?: { readonly products: readonly Product[], readonly stalls: readonly Stall[] }
  readonly rates?: Rates
  readonly sandbox?: boolean
  readonly payAddress?: PayAddress
  readonly connectExtension?: Parameters<typeof createAccounts>[0]['connectExtension']
}

/** A journal that closing a page does not close: the device has it. */
const kept = (journal: Journal): Journal => {
  const ends = new Set<() => void>()
  return {
    ...journal,
    follow(listener, onKept) {
      const end = journal.follow(listener, onKept)
      ends.add(end)
      return end
    },
    close: () => ends.forEach(end => end()),
  }
}

export function memoryServices({ clock, hub, ledger = new LedgerBackend(() => clock.now()), device = newDevice(), shelf = { products: [], stalls: [] }, rates, sandbox = false, payAddress = { invoice: async () => err({ code: 'unreachable', detail: '' }), verify: async () => ({ status: 'unknown', reason: 'nobody there' }) }, connectExtension = async () => err({ code: 'unavailable' as const }) }: StageOptions): Services & { readonly feed: (batch: Partial<CatalogBatch>) => void } {
  const page = {}
  // localStorage tells every other page of the device, never the one that wrote.
  const store: KeyValue = {
    ...device.store,
    get length() { return device.store.length },
    setItem(key, value) {
      device.store.setItem(key, value)
      device.heard.forEach(tell => tell(key, page))
    },
  }
  const text = { store, persistent: true }
  const feeds = new Set<(batch: CatalogBatch) => void>()
  const seen = (addresses: readonly Address[]) => addresses.map(address => ({ address, relays: [HUB] }))
  const batchOf = ({ products = [], stalls = [], ...rest }: Partial<CatalogBatch>): CatalogBatch =>
    ({ products, stalls, profiles: [], reviews: [], paymentDetails: [], gone: [], seen: seen([...products, ...stalls].map(({ address }) => address)), from: 'relay', ...rest })

  return {
    config: { sandbox, network: 'regtest', relays: [HUB], currency: 'EUR' },
    clock,
    relays: hub.relays,
    catalog: {
      open({ relays, signal, onBatch, onProgress }) {
        feeds.add(onBatch)
        signal.addEventListener('abort', () => feeds.delete(onBatch), { once: true })
        onBatch(batchOf(shelf))
        onProgress?.({ phase: 'live', received: shelf.products.length, refused: 0, complete: relays })
      },
    },
    feed: batch => feeds.forEach(feed => feed(batchOf(batch))),
    snapshots: createLocalSnapshots(text, { store: device.tab, persistent: true }, () => clock.now(), (onOther) => {
      const hear = (key: string | null, by: object): void => {
        if (by !== page)
          onOther(key)
      }
      device.heard.add(hear)
      return () => device.heard.delete(hear)
    }),
    accounts: createAccounts({
      device: text, tab: { store: device.tab, persistent: true }, keys: device.keys, maths: inlineKeyMaths(), clock, createLocalSigner, logN: 4,
      connectExtension,
      laterExtension: () => createLocalSigner(new Uint8Array(32).fill(1), 'local'),
      remotes: createRemoteSigners({ port: hub.relays, clock, verifier: createVerifier(), site: { name: 'Souk', url: '' } }),
    }),
    rates: rates ?? { rate: async () => err({ code: 'no-rate', detail: 'none' }) },
    tabVault: tabVaults(device.keys, () => clock.now()),
    openJournal(account) {
      const journal = device.journals.get(account) ?? createMemoryJournal({ now: clock.now })
      device.journals.set(account, journal)
      return kept(journal)
    },
    openInvoiceSource: () => ledgerSource(ledger),
    payAddress,
    openWallet: connection => ({ ...ledgerWallet(ledger), id: connectionId(connection) }),
    mail: createMail({ relays: hub.relays, clock, verifier: createVerifier() }),
  }
}

/** A merchant's wallet over the ledger: makes invoices, remembers them by order and attempt, looks up. */
export function ledgerSource(ledger: LedgerBackend): InvoiceSource & { readonly made: readonly string[] } {
  const byAttempt = new Map<string, string>()
  const made: string[] = []
  return {
    kind: 'nwc',
    made,
    capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: 'ledger', hold: true }),
    async create({ orderId, attempt, amount, description, expirySeconds, hold }) {
      const name = hold === undefined ? `${orderId}:${attempt}` : hold.paymentHash
      const make = () => hold === undefined ? ledger.invoice(amount, description, expirySeconds) : ledger.holdInvoice(amount, description, expirySeconds, hold.paymentHash)
      const bolt11 = byAttempt.get(name) ?? (await make()).bolt11
      if (!byAttempt.has(name))
        made.push(bolt11)
      byAttempt.set(name, bolt11)
      const invoice = decodeInvoice(bolt11)
      if (!invoice.ok || invoice.value.amount === null)
        return err({ code: 'source_bad_invoice', detail: '' })
      const { paymentHash, createdAt, expiresAt } = invoice.value
      return ok({ bolt11, paymentHash, amount: invoice.value.amount, createdAt, expiresAt })
    },
    async lookup(paymentHash) {
      const [received, held] = [ledger.received(paymentHash), ledger.held(paymentHash)]
      if (held !== undefined)
        return { status: 'accepted', msat: toMsat(held.msat), settleBefore: held.settleBefore }
      if (ledger.isReturned(paymentHash))
        return { status: 'cancelled' }
      return received === undefined ? { status: 'pending' } : { status: 'settled', received: toMsat(received.msat), settledAt: toSeconds(received.at), preimage: null }
    },
    async settleHold(preimage) {
      const settled = await ledger.settleHold(preimage)
      return settled === 'settled' ? ok(undefined) : err({ code: 'source_refused', detail: settled })
    },
    async cancelHold(paymentHash) {
      const cancelled = await ledger.cancelHold(paymentHash)
      return cancelled === 'cancelled' ? ok(undefined) : err({ code: 'source_refused', detail: cancelled })
    },
    subscribe(listener) {
      const touch = (paymentHash: string): void => {
        if (isHex32(paymentHash))
          listener({ type: 'touched', paymentHash })
      }
      const ends = [ledger.onReceived(({ paymentHash }) => touch(paymentHash)), ledger.onHold(event => touch(event.type === 'held' ? event.held.paymentHash : event.paymentHash))]
      return () => ends.forEach(end => end())
    },
    dispose: () => undefined,
  }
}

export function ledgerWallet(ledger: LedgerBackend): Wallet {
  return {
    kind: 'nwc',
    async pay({ bolt11 }) {
      const paid = await ledger.pay(bolt11)
      if (!paid.paid || !isHex32(paid.preimage))
        return { status: 'failed', code: 'payment_failed', detail: paid.paid ? '' : paid.reason }
      return { status: 'paid', preimage: paid.preimage, fees: null }
    },
    async resolve(paymentHash) {
      const received = ledger.received(paymentHash)
      return received !== undefined && isHex32(received.preimage) ? { status: 'paid', preimage: received.preimage, fees: null } : { status: 'failed', code: 'payment_failed', detail: 'never asked' }
    },
    dispose: () => undefined,
  }
}
