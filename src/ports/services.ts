import type { Pubkey } from '../domain/brand'
import type { NwcConnection } from '../domain/wallet/nwc-uri'
import type { Accounts } from './accounts'
import type { CatalogFeed } from './catalog-feed'
import type { Clock } from './clock'
import type { InvoiceSource } from './invoices'
import type { Journal } from './journal'
import type { Rates } from './rates'
import type { Relays } from './relays'
import type { Signer } from './signer'
import type { Snapshots, Vault } from './snapshots'
import type { Wallet } from './wallet'

/** How a merchant's wallet is reached. Sealed at rest (T16). */
export type WalletSettings =
  | { readonly kind: 'lnbits', readonly url: string, readonly invoiceKey: string }
  | { readonly kind: 'nwc', readonly uri: string }

export interface AppConfig {
  readonly sandbox: boolean
  readonly network: import('../domain/invoice/types').Network
  readonly relays: readonly import('../domain/brand').RelayUrl[]
  readonly currency: string
}

/** Every door of the house, as one type. Built once by app/container.ts, or in memory by tests. */
export interface Services {
  readonly config: AppConfig
  readonly clock: Clock
  readonly relays: Relays
  readonly catalog: CatalogFeed
  readonly snapshots: Snapshots
  readonly accounts: Accounts
  readonly rates: Rates
  openJournal(account: Pubkey, vault: Vault): Journal
  openInvoiceSource(settings: WalletSettings): InvoiceSource
  openWallet(connection: NwcConnection): Wallet
  /** Sends encrypted private messages and opens those that come. */
  readonly mail: import('./mail').Mail
  readonly sandboxPersonas?: import('./personas').SandboxPersonas
}

export type { Signer }
