import { openNetHere, openNetInWorkers, type Net } from '../nostr/net'
import { connectExtension, laterExtension } from '../nostr/signers/nip07'
import { systemClock } from '../nostr/system-clock'
import type { SandboxPersonas } from '../ports/personas'
import type { Services } from '../ports/services'
import type { Signer } from '../ports/signer'
import { createAccounts } from '../storage/accounts'
import { deviceKeysDb } from '../storage/device-keys'
import { openJournal } from '../storage/journal-db'
import { workerKeyMaths } from '../storage/key-maths-worker'
import { deviceText, tabText } from '../storage/key-value'
import { openListings } from '../storage/listing-db'
import { tabVaults } from '../storage/tab-vault'
import { createLocalSnapshots } from '../storage/local-snapshots'
import { readConfig } from './environment'
import { essential } from './essential'
import { lazyMail } from './lazy-mail'
import { lazyRemoteSigners } from './lazy-signers'
import { lazyBrowserWallet, lazyInvoiceSource, lazyPayAddress, lazyRates, lazyWallet } from './lazy-wallets'

const clock = systemClock

function openNet(loopbackImages: boolean): Promise<Net> | Net {
  if (typeof Worker === 'undefined' || typeof MessageChannel === 'undefined')
    return openNetHere({ clock, openStore: openListings, loopbackImages })
  return openNetInWorkers({
    startNet: () => new Worker(new URL('../workers/net.worker.ts', import.meta.url), { type: 'module', name: 'net' }),
    startVerifier: () => new Worker(new URL('../workers/verify.worker.ts', import.meta.url), { type: 'module', name: 'verify' }),
    cores: navigator.hardwareConcurrency,
    loopbackImages,
  })
}

/** Each holds a copy of the key while the account is open: one, and a second only where there are cores for it (0012). */
const openers = { start: () => new Worker(new URL('../workers/open.worker.ts', import.meta.url), { type: 'module', name: 'open' }), count: navigator.hardwareConcurrency > 4 ? 2 : 1 }

/** The mathematics of keys comes with the first key: who only looks around has none. */
async function localSigner(secret: Uint8Array, kind: 'local' | 'guest'): Promise<Signer> {
  const { createLocalSigner, localSignerWithWorkers } = await essential(() => import('./local-signer'))
  return typeof Worker === 'undefined' ? createLocalSigner(secret, kind) : localSignerWithWorkers(secret, kind, openers)
}

/** Written out, so that a production build leaves out the sandbox and all that only it needs. */
const personas = (): { readonly sandboxPersonas?: SandboxPersonas } => import.meta.env.VITE_SANDBOX === 'true' ? { sandboxPersonas: fromSandbox() } : {}

function fromSandbox(): SandboxPersonas {
  const load = async (): Promise<SandboxPersonas> => (await import('./sandbox-personas')).openPersonas(String(import.meta.env.VITE_SANDBOX_URL))
  return { shopper: async () => (await load()).shopper(), merchant: async () => (await load()).merchant() }
}

/** Builds every door of the house. The only file that names adapters. */
export async function openServices(): Promise<Services> {
  const sandbox = import.meta.env.VITE_SANDBOX === 'true'
  const config = readConfig(sandbox)
  const { relays, catalog, verifier } = await openNet(sandbox)
  const needs = { relays, clock, network: config.network, loopback: sandbox }
  const device = deviceText()
  const tab = tabText()
  const keys = deviceKeysDb()
  const snapshots = createLocalSnapshots(device, tab, clock.now)
  return {
    config,
    clock,
    relays,
    catalog,
    snapshots,
    accounts: createAccounts({
      device,
      tab,
      keys,
      maths: workerKeyMaths(() => new Worker(new URL('../workers/keys.worker.ts', import.meta.url), { type: 'module', name: 'keys' })),
      clock,
      createLocalSigner: localSigner,
      connectExtension: () => connectExtension({ clock, verifier }),
      laterExtension: pubkey => laterExtension(pubkey, { clock, verifier }),
      remotes: lazyRemoteSigners({ port: relays, clock, verifier, site: { name: 'Souk', url: globalThis.location.origin } }),
    }),
    rates: lazyRates(clock, snapshots),
    tabVault: tabVaults(keys, clock.now),
    openJournal: (account, vault) => openJournal({ account, vault, now: clock.now }),
    openInvoiceSource: settings => lazyInvoiceSource(settings, needs),
    payAddress: lazyPayAddress({ clock, network: config.network, loopback: sandbox }),
    browserWallet: lazyBrowserWallet(),
    openWallet: connection => lazyWallet(connection, needs),
    mail: lazyMail(async () => (await essential(() => import('../nostr/mail'))).createMail({ relays, clock, verifier })),
    ahead: () => Promise.all([import('./local-signer'), import('../nostr/mail')]),
    essential,
    ...personas(),
  }
}
