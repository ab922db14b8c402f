import type { Hex32, Msat, OrderKey } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import type { FormerDoubt } from '../domain/order/former-invoices'
import { optionsOf, readHandPayment, type ByHand, type HandPayment, type HandProblem, type WayNames } from '../domain/order/hand-payment'
import type { PricingCode } from '../domain/order/pricing'
import { reprice, type SnapshotContent } from '../domain/order/snapshot'
import type { LocalFact, Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { WalletError } from '../ports/invoices'
import type { StorageError } from '../ports/journal'
import type { FormerError } from './clear-former'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import type { ReadOrderError } from './read-order'
import { price, readAskable, readCleared, readWithdrawn, type RequestPaymentDeps } from './requestPayment'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface RequestByHandDeps extends SendDeps, Pick<RequestPaymentDeps, 'rates' | 'shelf' | 'ownerOf' | 'words' | 'former'> {
  readonly network: Network
  readonly wayNames: WayNames
}

export type RequestByHandError = SendError | ReadOrderError | WalletError | FormerError
  | { readonly code: 'not-yours' | 'already-paid' | 'ended' | 'reserved' | 'amount-not-confirmed' | 'no-amount' }
  | { readonly code: HandProblem }
  | { readonly code: PricingCode, readonly productId?: string }

/**
 * Asks for payment with what the merchant pasted, checked like a wallet's (payments.md I12). An invoice is kept before it
 * is sent, as one of the own wallet's is: a payment of it can be found, and a later request supersedes it (I13, T9, T10).
 */
export async function requestByHand(deps: RequestByHandDeps, key: OrderKey, { pasted, confirmed }: ByHand, despite: readonly FormerDoubt[] = []): Promise<Result<OrderMessage, RequestByHandError>> {
  const me = deps.signer.pubkey
  const before = await readAskable(deps, key)
  if (!before.ok)
    return before
  const priced = await priceIfPossible(deps, before.value.order)
  if (!priced.ok)
    return priced
  const total = priced.value.totals.totalMsat
  const hand = readHandPayment(pasted, { now: deps.clock.now(), network: deps.network, total, isUsed: isUsed(deps, before.value.order) })
  const [problem] = hand.problems
  if (problem !== undefined)
    return err({ code: problem })
  if (hand.differs && confirmed !== hand.asked)
    return err({ code: 'amount-not-confirmed' })
  const msat = hand.asked ?? total
  if (msat === null)
    return err({ code: 'no-amount' })
  const read = await readCleared(deps, before.value, despite)
  if (!read.ok)
    return read
  const { order } = read.value

  const kept = await keep(deps, order, { priced: priced.value, hand, msat })
  if (!kept.ok)
    return kept
  const alone = await readWithdrawn(deps, read.value)
  if (!alone.ok)
    return alone
  await afterOwnMessages(deps, alone.value.messages, me)
  const { text } = deps.words(order, priced.value, order.requests.length > 0)
  const invoice = invoiceOf(hand)
  return sayAbout(deps, order, {
    say: 'request', msat, options: optionsOf(hand.ways, deps.wayNames), text: [hand.words, text].filter(part => part !== '').join('\n\n'),
    pin: order.placedBy, zoneId: order.zoneId, expiresAt: invoice?.expiresAt ?? null,
  })
}

/** Of another order of ours, or named in this one: a hash is paid once. One that was kept here and never sent may go out. */
const isUsed = ({ ownerOf }: RequestByHandDeps, { key, requests }: Order) => (hash: Hex32): boolean =>
  (ownerOf(hash) ?? key) !== key || requests.some(({ paymentHash }) => paymentHash === hash)

const invoiceOf = ({ ways }: HandPayment) => ways.flatMap(way => way.kind === 'invoice' ? [way.invoice] : [])[0]

/** Without a rate there is no total in sat to compare with: then the merchant has to say what he means. */
async function priceIfPossible(deps: RequestByHandDeps, order: Order): Promise<Result<SnapshotContent, WalletError | { readonly code: PricingCode, readonly productId?: string }>> {
  const priced = await price(deps, order, undefined)
  return !priced.ok && priced.error.code === 'no_rate' ? reprice(order, deps.shelf(), null) : priced
}

async function keep(deps: RequestByHandDeps, order: Order, { priced, hand, msat }: { readonly priced: SnapshotContent, readonly hand: HandPayment, readonly msat: Msat }): Promise<Result<void, StorageError>> {
  const { key, placedBy, zoneId } = order
  const place = { me: deps.signer.pubkey, order: key, at: deps.clock.now() }
  const invoice = invoiceOf(hand)
  const attempt = order.issued.reduce((most, one) => Math.max(most, one.attempt), 0) + 1
  const facts: readonly LocalFact[] = [
    localFact({ ...place, id: invoice === undefined ? deps.clock.newId() : factId('snapshot', key, invoice.paymentHash) }, priced),
    localFact({ ...place, id: factId('pinned', key, placedBy) }, { type: 'pinned', orderMessage: placedBy }),
    ...invoice === undefined
      ? []
      : [localFact({ ...place, id: factId('invoice-issued', key, invoice.paymentHash) }, {
          type: 'invoice-issued', attempt, paymentHash: invoice.paymentHash, bolt11: invoice.bolt11, asked: msat, expiresAt: invoice.expiresAt, totals: priced.totals, zoneId, byHand: true,
        })],
  ]
  const kept = await keepFacts(deps, facts)
  return kept.ok ? ok(undefined) : kept
}
