import type { Network } from '../domain/invoice/types'
import { err } from '../domain/result'
import { connectionId, readNwcUri, type NwcConnection } from '../domain/wallet/nwc-uri'
import type { Clock } from '../ports/clock'
import type { InvoiceSource, WalletError } from '../ports/invoices'
import type { PayAddress } from '../ports/pay-address'
import type { Rates } from '../ports/rates'
import type { Relays } from '../ports/relays'
import type { Snapshots } from '../ports/snapshots'
import type { BrowserWallet, Wallet } from '../ports/wallet'
import type { WalletSettings } from '../ports/wallet-settings'
import { rateAddresses } from './environment'

/** `loopback`: services on this machine without TLS, the sandbox's. */
interface Needs { readonly relays: Relays, readonly clock: Clock, readonly network: Network, readonly loopback: boolean }

const badSettings = err<WalletError>({ code: 'bad_settings', detail: '' })

/** A merchant's wallet whose program comes when it is first used: shoppers never load it. */
export function lazyInvoiceSource(settings: WalletSettings, needs: Needs): InvoiceSource {
  let disposed = false
  const opening = open(settings, needs)
  const opened = async (): Promise<InvoiceSource | null> => disposed ? null : opening()
  // All that any kind can do, so that none is forgotten here; what this kind cannot is left out below.
  const whole: Required<InvoiceSource> = {
    kind: settings.kind,
    capabilities: async signal => await (await opened())?.capabilities(signal) ?? badSettings,
    create: async (request, signal) => await (await opened())?.create(request, signal) ?? badSettings,
    lookup: async (hash, signal, kept) => await (await opened())?.lookup(hash, signal, kept) ?? { status: 'unknown', reason: 'bad settings' },
    incoming: async (since, signal) => await (await opened())?.incoming?.(since, signal) ?? badSettings,
    settleHold: async (preimage, signal) => await (await opened())?.settleHold?.(preimage, signal) ?? badSettings,
    cancelHold: async (hash, signal) => await (await opened())?.cancelHold?.(hash, signal) ?? badSettings,
    subscribe(listener) {
      let ended = false
      let end = (): void => undefined
      void opened().then((source) => {
        if (!ended && source !== null)
          end = source.subscribe(listener)
      })
      return () => {
        ended = true
        end()
      }
    },
    dispose() {
      disposed = true
      opening.dispose()
    },
  }
  const { incoming, settleHold, cancelHold, ...always } = whole
  return { ...always, ...settings.kind !== 'lightning-address' && { incoming }, ...settings.kind === 'nwc' && { settleHold, cancelHold } }
}

function open(settings: WalletSettings, { relays, clock, network, loopback }: Needs) {
  const load = async (): Promise<InvoiceSource | null> => {
    if (settings.kind === 'lnbits') {
      const { openLnbits } = await import('../payments/lnbits')
      return openLnbits({ url: settings.url, invoiceKey: settings.invoiceKey, network, clock })
    }
    if (settings.kind === 'lightning-address') {
      const { openAddressSource } = await import('../payments/address-source')
      return openAddressSource({ address: settings.address, network, clock, loopback })
    }
    const connection = readNwcUri(settings.uri)
    if (!connection.ok)
      return null
    const { openNwcSource } = await import('../payments/nwc-source')
    return openNwcSource({ connection: connection.value, relays, clock, network })
  }
  return once(load)
}

/** Loads at the first call; what was loaded is disposed of, also when that comes before it was there. */
function once<T extends { dispose(): void }>(load: () => Promise<T | null>) {
  let loading: Promise<T | null> | null = null
  let over = false
  const get = (): Promise<T | null> => {
    loading ??= load().then((loaded) => {
      if (over)
        loaded?.dispose()
      return over ? null : loaded
    }).catch(() => {
      // The code could not be fetched: the next call tries anew.
      loading = null
      return null
    })
    return loading
  }
  return Object.assign(get, {
    dispose(): void {
      over = true
      void loading?.then(loaded => loaded?.dispose())
    },
  })
}

/** A shopper's wallet, in the same way. */
export function lazyWallet(connection: NwcConnection, { relays, clock }: Pick<Needs, 'relays' | 'clock'>): Wallet {
  const opening = once(async () => {
    const { openNwcWallet } = await import('../payments/nwc-wallet')
    return openNwcWallet({ connection, relays, clock })
  })
  return {
    kind: 'nwc',
    id: connectionId(connection),
    pay: async (invoice, options) => await (await opening())?.pay(invoice, options) ?? { status: 'failed', code: 'refused', detail: 'disconnected' },
    resolve: async hash => await (await opening())?.resolve(hash) ?? { status: 'unknown', reason: 'disconnected' },
    budget: async () => await (await opening())?.budget?.() ?? null,
    dispose: () => opening.dispose(),
  }
}

/** The browser's own wallet, whose program comes with the first payment by it. */
export function lazyBrowserWallet(): BrowserWallet {
  const opening = once(async () => (await import('../payments/webln')).openWebln())
  const present = (): boolean => Reflect.get(globalThis, 'webln') !== undefined
  return {
    wallet: {
      kind: 'webln',
      pay: async (invoice, options) => await (await opening())?.pay(invoice, options) ?? { status: 'failed', code: 'refused', detail: 'not loaded' },
      resolve: async hash => await (await opening())?.resolve(hash) ?? { status: 'unknown', reason: 'not loaded' },
      // It is the page's, and outlives every account.
      dispose: () => undefined,
    },
    onPresent(listener) {
      const tell = (): void => listener(present())
      tell()
      globalThis.addEventListener?.('webln:ready', tell)
      return () => globalThis.removeEventListener?.('webln:ready', tell)
    },
  }
}

/** LNURL-pay, whose program comes with the first merchant who is paid that way. */
export function lazyPayAddress(needs: { readonly clock: Clock, readonly network: Network, readonly loopback: boolean }): PayAddress {
  let loading: Promise<PayAddress> | null = null
  const opened = async (): Promise<PayAddress | null> => {
    loading ??= import('../payments/lnurl').then(({ openPayAddress }) => openPayAddress(needs))
    try {
      return await loading
    }
    catch {
      // The code could not be fetched: the next call tries anew.
      loading = null
      return null
    }
  }
  return {
    invoice: async (address, msat, signal) => await (await opened())?.invoice(address, msat, signal) ?? err({ code: 'unreachable', detail: '' }),
    verify: async (made, signal) => await (await opened())?.verify(made, signal) ?? { status: 'unknown', reason: 'unreachable' },
  }
}

/** Rates, asked of nobody until somebody needs one. */
export function lazyRates(clock: Clock, snapshots: Snapshots): Rates {
  let further: readonly string[] = []
  let loading: Promise<Rates> | null = null
  const load = async (): Promise<Rates> => {
    const [{ createRates }, { rateSourcesFrom, publicRateUrls }, { keptRates }] = await Promise.all([import('../payments/rates'), import('../payments/rate-sources'), import('../payments/kept-rates')])
    const named = rateAddresses()
    const rates = createRates(rateSourcesFrom(named.length > 0 ? named : publicRateUrls), clock, undefined, keptRates(snapshots))
    rates.also?.(further)
    return rates
  }
  return {
    async rate(currency, maxAgeSeconds) {
      loading ??= load()
      try {
        return await (await loading).rate(currency, maxAgeSeconds)
      }
      catch {
        loading = null
        return err({ code: 'no-rate', detail: currency })
      }
    },
    async last(currency) {
      loading ??= load()
      try {
        return await (await loading).last?.(currency) ?? null
      }
      catch {
        loading = null
        return null
      }
    },
    also(urls) {
      further = urls
      void loading?.then(rates => rates.also?.(urls), () => undefined)
    },
  }
}
