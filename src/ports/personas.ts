import type { WalletSettings } from './wallet-settings'

/** The sandbox's two ready-made people: asked from the sandbox, never in a production build. */
export interface SandboxPersonas {
  shopper(): Promise<{ readonly nsec: string, readonly name: string, readonly walletUri: string }>
  merchant(): Promise<{ readonly nsec: string, readonly name: string, readonly wallet: WalletSettings }>
}
