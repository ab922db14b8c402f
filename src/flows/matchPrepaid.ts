import type { Hex32, Msat, OrderKey, Seconds } from '../domain/brand'
import { ownInvoices } from '../domain/order/own-invoices'
import { isSure, prepaidClaim, prepaidMatches, waitsForOwnWallet, type PrepaidClaim, type PrepaidMatch } from '../domain/order/prepaid-match'
import type { Order } from '../domain/order/types'
import { ok, type Result } from '../domain/result'
import type { IncomingPayment } from '../domain/wallet/incoming'
import type { InvoiceState, WalletError } from '../ports/invoices'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { readOrder, readOwnOrder, type ReadOrderError } from './read-order'
import type { SendError } from './send'
import { tellPaid, type TellDeps } from './tellPaid'

/** The merchant's own wallet, as far as it tells of payments that nobody asked it for. */
export interface ToldPayments {
  lookup(paymentHash: Hex32): Promise<InvoiceState>
  /** What came in since then, newest first. */
  incoming?(since: Seconds): Promise<Result<readonly IncomingPayment[], WalletError>>
}

export interface MatchDeps extends TellDeps {
  readonly source: ToldPayments
  readonly orders: () => Iterable<Order>
  /** What an order costs by the own listings of now, msat; null: it cannot be worked out. */
  readonly price: (order: Order) => Promise<Msat | null>
}

export type MatchError = SendError | ReadOrderError | WalletError | { readonly code: 'not-yours' }

const DAY = 24 * 3_600
/** One claim may name many invoices; a wallet is asked about so many. */
const LOOKED_UP = 10

/**
 * Orders that came in paid (Plebeian, Shopstr): asks the own wallet what of it is true. What it says without any doubt counts
 * and is told; the rest is for the merchant to judge (T8). Where other orders claim the same payment nothing counts by itself.
 */
export async function matchPrepaid(deps: MatchDeps): Promise<Result<ReadonlyMap<OrderKey, readonly PrepaidMatch[]>, MatchError>> {
  const me = deps.signer.pubkey
  const all = [...deps.orders()].filter(order => order.merchant === me)
  const claims: { readonly order: Order, readonly claim: PrepaidClaim }[] = []
  for (const order of all.filter(waitsForOwnWallet)) {
    const messages = await deps.journal.messagesOf(order.key)
    if (!messages.ok)
      return messages
    const claim = prepaidClaim(order, messages.value)
    if (claim !== null)
      claims.push({ order, claim })
  }
  if (claims.length === 0)
    return ok(new Map())
  const incoming = await received(deps.source, claims.map(({ claim }) => claim))
  if (!incoming.ok)
    return incoming

  // Once for all claims: there may be thousands of orders that are done.
  const owners = ownersOf(all.flatMap(order => [...ownInvoices(order).map(({ paymentHash }) => [paymentHash, order.key] as const), ...countedFor(order).map(hash => [hash, order.key] as const)]))
  const claimants = ownersOf(claims.flatMap(({ order, claim }) => claim.hashes.map(hash => [hash, order.key] as const)))
  const found = new Map<OrderKey, readonly PrepaidMatch[]>()
  for (const { order, claim } of claims) {
    const elsewhere = (known: ReadonlyMap<Hex32, ReadonlySet<OrderKey>>): ReadonlySet<Hex32> =>
      new Set(incoming.value.flatMap(({ paymentHash }) => [...known.get(paymentHash) ?? []].some(key => key !== order.key) ? [paymentHash] : []))
    const matches = prepaidMatches({
      claim,
      price: await deps.price(order),
      names: [order.id, order.number],
      incoming: incoming.value,
      ofOthers: elsewhere(owners),
      claimedElsewhere: elsewhere(claimants),
    })
    const sure = matches.find(isSure)
    if (sure === undefined) {
      found.set(order.key, matches)
      continue
    }
    const counted = await countPrepaid(deps, order.key, sure.payment)
    if (!counted.ok)
      return counted
  }
  return ok(found)
}

function ownersOf(pairs: readonly (readonly [Hex32, OrderKey])[]): ReadonlyMap<Hex32, ReadonlySet<OrderKey>> {
  const owners = new Map<Hex32, Set<OrderKey>>()
  for (const [hash, key] of pairs)
    owners.set(hash, (owners.get(hash) ?? new Set()).add(key))
  return owners
}

const countedFor = ({ payments }: Order): readonly Hex32[] => payments.flatMap(({ by, paymentHash }) => by === 'own-wallet' && paymentHash !== null ? [paymentHash] : [])

/** What the wallet tells by itself, and what it says of each invoice that was named. */
async function received(source: ToldPayments, claims: readonly PrepaidClaim[]): Promise<Result<readonly IncomingPayment[], WalletError>> {
  const since = Math.min(...claims.map(({ placedAt }) => placedAt)) - DAY
  const told = await source.incoming?.(since as Seconds) ?? ok([])
  if (!told.ok && claims.every(({ hashes }) => hashes.length === 0))
    return told
  const payments = new Map((told.ok ? told.value : []).map(payment => [payment.paymentHash, payment]))
  for (const hash of new Set(claims.flatMap(({ hashes }) => hashes.slice(0, LOOKED_UP)))) {
    if (payments.has(hash))
      continue
    const state = await source.lookup(hash)
    if (state.status === 'settled' && state.settledAt !== null)
      payments.set(hash, { paymentHash: hash, msat: state.received, settledAt: state.settledAt, description: '' })
  }
  return ok([...payments.values()])
}

/** The merchant says, or nothing speaks against it, that this payment is this order's: it is proved by the own wallet, and told. */
export async function countPrepaid(deps: TellDeps, key: OrderKey, { paymentHash, msat, settledAt }: Pick<IncomingPayment, 'paymentHash' | 'settledAt'> & { readonly msat: Msat }): Promise<Result<void, MatchError>> {
  const me = deps.signer.pubkey
  const before = await readOwnOrder(deps, key, 'merchant')
  if (!before.ok)
    return before
  const fact = localFact({ id: factId('wallet-settled', key, paymentHash), me, order: key, at: settledAt }, { type: 'wallet-settled', paymentHash, msat, settledAt })
  const kept = await keepFacts(deps, [fact])
  if (!kept.ok)
    return kept
  const after = await readOrder(deps, key, me)
  return after.ok ? tellPaid(deps, after.value, true) : after
}
