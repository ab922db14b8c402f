import { isHex32, type Hex32, type OrderKey } from '../domain/brand'
import { toAddress } from '../domain/catalog/address'
import { paymentHashOwners } from '../domain/order/hash-owners'
import { wantsReserve } from '../domain/order/reserve'
import type { Shelf } from '../domain/order/pricing'
import { kinds } from '../domain/protocol/event'
import { err, type Result } from '../domain/result'
import type { AutoInvoiceDeps } from '../flows/autoInvoice'
import type { BookStockDeps } from '../flows/bookStock'
import { joinRelays } from '../flows/reach'
import type { Formers } from '../flows/clear-former'
import { lookupAcross } from '../flows/lookup-invoice'
import type { RequestByHandDeps } from '../flows/requestByHand'
import type { SendDeps } from '../flows/send'
import type { HoldChoice, SettleHoldDeps } from '../flows/settleHold'
import type { Settled, SettleError } from '../flows/settlePayment'
import type { InvoiceSource } from '../ports/invoices'
import { useCatalogStore } from '../stores/catalog'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { settleHold, settlePayment, withdrawHold } from './desk-flows'
import type { notLoaded } from './lazy-flow'
import { breakdown, filled, refusalText, rezonedText, sentWords } from './sent-words'
import { useInvoiceSources } from './useInvoiceSource'
import { locked, useSender } from './useSender'
import { useShelfState } from './useShelfState'

/** No wallet makes invoices yet: it is connected in the desk's settings. */
export const noWallet = { code: 'no-wallet' } as const
/** Nobody who is connected can tell whether an invoice was paid: the merchant looks, and says so by hand. */
export const cannotKnow = { code: 'cannot-know' } as const

/** Says nothing, and asks no signer, where it may not. */
const sayingWhere = (mail: SendDeps['mail'], maySay: () => boolean): SendDeps['mail'] =>
  ({ compose: async (...letter) => maySay() ? mail.compose(...letter) : err(locked) })

/** Lookups under way, by order; of all who look in this tab. */
const settling = new Map<OrderKey, Promise<unknown>>()

/** What a merchant's flows need, from what is known and connected now. */
export function useDesk() {
  const { config, rates, relays, clock } = useServices()
  const orders = useOrdersStore()
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  const sender = useSender()
  const { opened: wallets, issuing: source } = useInvoiceSources()
  const state = useShelfState()

  const shelf = (): Shelf => ({ products: catalog.products, stalls: catalog.stalls })

  const words: AutoInvoiceDeps['words'] = (order, { lines, zone, totals, stallName }, reissued) => ({
    description: filled(sentWords.request.description, { stall: stallName, number: order.number }),
    text: breakdown({ lines, zone, totals, reissued }),
    ...zone !== null && { rezoned: rezonedText(zone) },
  })
  /** The order that asked with it first, or that it was made for and never sent. */
  const ownerOf = (hash: Hex32): OrderKey | undefined => paymentHashOwners(orders.byKey.values()).get(hash)
    ?? orders.asMerchant.find(({ issued }) => issued.some(({ paymentHash }) => paymentHash === hash))?.key

  const pricing = () => ({ rates, shelf })

  /** What was asked before, at the wallets that made it. */
  const former: Formers = { lookUp: (order, hash) => settle(order, hash), withdraw: (order, hash) => settle(order, hash, 'withdraw') }

  /** Asking without a wallet: with what the merchant pastes. */
  const byHand = (deps: SendDeps): RequestByHandDeps => ({ ...deps, former, rates, shelf, ownerOf, words, network: config.network, wayNames: sentWords.ways })

  function invoicing(deps: SendDeps, source: InvoiceSource): AutoInvoiceDeps {
    const me = deps.signer.pubkey
    const wallet = wallets.value.find(one => one.source === source)?.id
    const nameOf = (productId: string): string => [kinds.product, kinds.gammaProduct].map(kind => catalog.products.get(toAddress(kind, me, productId))?.name).find(name => name !== undefined) ?? productId
    return {
      ...deps,
      source,
      former,
      ...wallet !== undefined && { wallet },
      rates,
      shelf,
      ownerOf,
      orders: () => orders.asMerchant,
      shelfComplete: () => state.complete.value,
      isCurrent: state.isCurrent,
      rules: () => settings.answerRules,
      refusalWords: refusal => refusalText(refusal, nameOf),
      ...(settings.reserve !== 'off' && { reserve: { wanted: order => wantsReserve(settings.reserve, order, catalog.products), preimage: secretNumber, text: sentWords.hold.notice } }),
      words,
    }
  }

  function secretNumber(): Hex32 {
    const number: string = clock.newId()
    if (!isHex32(number))
      throw new TypeError('no 32 bytes')
    return number
  }

  const booking = (deps: SendDeps): BookStockDeps => ({
    ...deps,
    relays,
    shelf,
    orders: () => orders.asMerchant,
    relaysFor: product => joinRelays(settings.writeRelays, catalog.relaysOf(product.address)),
  })

  /** Who takes or gives back what pays this invoice: the wallet that made it, else the one that issues. null: nothing is held by it, or who holds it is not known here. */
  function holderOf(key: OrderKey, hash: Hex32): InvoiceSource | null {
    const order = orders.get(key)
    const hold = order?.holds.find(({ paymentHash }) => paymentHash === hash)
    const maker = order?.issued.find(({ paymentHash }) => paymentHash === hash)?.wallet
    const made = wallets.value.find(({ id }) => id === maker)?.source ?? null
    // What another device made may be held by any of them.
    return hold === undefined ? null : made ?? (hold.preimage !== null || wallets.value.length === 1 ? source.value : null)
  }

  /**
   * Looks up one invoice, and goes on with what is held; for one order one after the other, so that 'paid' is said once (T9).
   * @param maySay where not, what the wallet says is kept all the same, and only the word to the shopper ends with 'locked'
   */
  function settle(order: OrderKey, paymentHash: Hex32, choice: HoldChoice | 'withdraw' | null = null, maySay = (): boolean => true): Promise<Result<Settled, SettleError | typeof locked | typeof noWallet | typeof notLoaded>> {
    // One that broke off is no reason for the next not to look.
    const former = settling.get(order)?.catch(() => undefined) ?? Promise.resolve()
    const looked = former.then(async () => {
      const own = sender()
      const deps = own && { ...own, mail: sayingWhere(own.mail, maySay) }
      if (deps === null || wallets.value.length === 0)
        return err(deps === null ? locked : noWallet)
      const holder = holderOf(order, paymentHash)
      if (holder === null)
        return settlePayment({ ...deps, source: lookupAcross(wallets.value), paidWords: sentWords.paid }, order, paymentHash)
      const holding: SettleHoldDeps = { ...invoicing(deps, holder), source: holder, paidWords: sentWords.hold.taken, holdWords: { held: sentWords.hold.held, soldOut: sentWords.hold.soldOut, released: reason => sentWords.hold.released[reason] } }
      return choice === 'withdraw' ? withdrawHold(holding, order, paymentHash) : settleHold(holding, order, paymentHash, choice)
    })
    settling.set(order, looked)
    return looked
  }

  return { sender, source, wallets, pricing, invoicing, byHand, ownerOf, booking, settle }
}
