import type { Pubkey, RelayUrl } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import type { NwcConnection } from '../domain/wallet/nwc-uri'
import type { Accounts } from './accounts'
import type { CatalogFeed } from './catalog-feed'
import type { Clock } from './clock'
import type { InvoiceSource } from './invoices'
import type { Journal } from './journal'
import type { Mail } from './mail'
import type { SandboxPersonas } from './personas'
import type { PayAddress } from './pay-address'
import type { Rates } from './rates'
import type { Relays } from './relays'
import type { Snapshots, Vault } from './snapshots'
import type { BrowserWallet, Wallet } from './wallet'
import type { WalletSettings } from './wallet-settings'

export interface AppConfig {
  readonly sandbox: boolean
  readonly network: Network
  readonly relays: readonly RelayUrl[]
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
  /** Seals what this tab keeps over a reload; null: it must keep nothing. */
  readonly tabVault: () => Promise<Vault | null>
  openJournal(account: Pubkey, vault: Vault): Journal
  openInvoiceSource(settings: WalletSettings): InvoiceSource
  /** Asks Lightning addresses for invoices. */
  readonly payAddress: PayAddress
  openWallet(connection: NwcConnection): Wallet
  /** Absent: none can be there. */
  readonly browserWallet?: BrowserWallet
  /** Sends encrypted private messages and opens those that come. */
  readonly mail: Mail
  readonly sandboxPersonas?: SandboxPersonas
  /** Fetches what adapters load with the first account. */
  readonly ahead?: () => Promise<unknown>
  /** Loads a chunk that nothing goes on without: resolves when it came, and meanwhile the person is told. Absent: it cannot fail. */
  readonly essential?: <T>(load: () => Promise<T>) => Promise<T>
}

export type { WalletSettings }
