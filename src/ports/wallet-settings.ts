export type { MerchantWallet, WalletSettings } from '../domain/wallet/merchant-wallets'
