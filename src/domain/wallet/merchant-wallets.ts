import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { InvoiceMaker } from '../order/invoice-maker'
import { readNwcUri } from './nwc-uri'

/** How a merchant's wallet is reached. Sealed at rest (T16). */
export type WalletSettings =
  | { readonly kind: 'lnbits', readonly url: string, readonly invoiceKey: string }
  | { readonly kind: 'nwc', readonly uri: string }
  /** `name@host`, or an LNURL: it makes invoices; whether they were paid, only some services say. */
  | { readonly kind: 'lightning-address', readonly address: string }

/** A connected wallet. `name` is the merchant's own; '' = none given. */
export interface MerchantWallet { readonly id: string, readonly name: string, readonly settings: WalletSettings }

/** All that are connected; exactly one of them makes the invoices, null only while there is none. */
export interface MerchantWallets { readonly list: readonly MerchantWallet[], readonly issuing: string | null }

export const noWallets: MerchantWallets = { list: [], issuing: null }

/** Each costs a connection while its invoices are open. */
export const MOST_WALLETS = 8
export const LONGEST_WALLET_NAME = 60

/** The same secret is the same wallet, on every device of the account; the id says nothing of the secret. */
export function walletId(settings: WalletSettings): string {
  return bytesToHex(sha256(utf8ToBytes(`${settings.kind} ${secretOf(settings)}`))).slice(0, 16)
}

function secretOf(settings: WalletSettings): string {
  switch (settings.kind) {
    case 'lnbits': return settings.invoiceKey.trim().toLowerCase()
    case 'lightning-address': return settings.address.trim().toLowerCase()
    case 'nwc': {
      const read = readNwcUri(settings.uri)
      return read.ok ? `${read.value.wallet} ${read.value.secret}` : settings.uri
    }
  }
}

export const issuingWallet = ({ list, issuing }: MerchantWallets): MerchantWallet | null => list.find(({ id }) => id === issuing) ?? null

/** What came from the device may name an issuer that is gone, or one wallet twice. */
export function tidyWallets({ list, issuing }: MerchantWallets): MerchantWallets {
  const kept = list.filter(({ id }, at) => list.findIndex(one => one.id === id) === at)
  return { list: kept, issuing: kept.some(({ id }) => id === issuing) ? issuing : kept[0]?.id ?? null }
}

/** The first becomes the one that issues; one that is here already takes the new settings and keeps its name unless it gets one. */
export function withWallet({ list, issuing }: MerchantWallets, settings: WalletSettings, name = ''): MerchantWallets {
  const id = walletId(settings)
  const before = list.find(one => one.id === id)
  const wallet: MerchantWallet = { id, settings, name: shortName(name) || (before?.name ?? '') }
  return tidyWallets({ list: before === undefined ? [...list, wallet] : list.map(one => one === before ? wallet : one), issuing })
}

export const withIssuer = ({ list, issuing }: MerchantWallets, id: string): MerchantWallets => tidyWallets({ list, issuing: list.some(one => one.id === id) ? id : issuing })

export const withName = ({ list, issuing }: MerchantWallets, id: string, name: string): MerchantWallets =>
  ({ list: list.map(one => one.id === id ? { ...one, name: shortName(name) } : one), issuing })

/** Where the one that issued goes, the next in the list issues. */
export const withoutWallet = ({ list, issuing }: MerchantWallets, id: string): MerchantWallets => tidyWallets({ list: list.filter(one => one.id !== id), issuing })

const shortName = (name: string): string => name.trim().slice(0, LONGEST_WALLET_NAME)

/** Host, relay or address: what may stand on a screen, never the secret. */
export function walletPlace(settings: WalletSettings): string {
  switch (settings.kind) {
    case 'lightning-address': return settings.address
    case 'lnbits': return URL.canParse(settings.url) ? new URL(settings.url).host : ''
    case 'nwc': {
      const read = readNwcUri(settings.uri)
      const relay = read.ok ? read.value.relays[0] ?? '' : ''
      return URL.canParse(relay) ? new URL(relay).host : ''
    }
  }
}

/** Which connected wallets can be asked about an invoice; `sure`: one of them must know it, so that no answer is a failure. */
export interface Askable { readonly ids: readonly string[], readonly sure: boolean }

/**
 * The wallet that made it, while it is connected. Else any that keeps a list of its own: the same money may be reached by
 * another connection, and an address often leads to a wallet that is connected too. None: nobody here can know.
 */
export function whereToAsk({ wallet, verify, byHand }: InvoiceMaker, list: readonly MerchantWallet[]): Askable {
  const maker = list.find(({ id }) => id === wallet)
  if (maker !== undefined && verify !== null)
    return { ids: [maker.id], sure: true }
  const ids = list.filter(({ settings }) => settings.kind !== 'lightning-address').map(({ id }) => id)
  return { ids, sure: wallet === undefined && !byHand && ids.length === 1 }
}
