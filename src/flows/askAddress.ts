import type { Hex32, OrderKey } from '../domain/brand'
import type { Order, RequestFact } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { AddressInvoice, PayAddress, PayAddressError } from '../ports/pay-address'
import type { StorageError } from '../ports/journal'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { notePaidElsewhere, type PayOrderDeps } from './payOrder'
import { readOrder, type ReadOrderError } from './read-order'

export interface AskAddressDeps extends Pick<PayOrderDeps, 'journal' | 'notes' | 'clock' | 'signer' | 'knownHashes'> {
  readonly payAddress: PayAddress
  /** A relay has taken the order message: order first, money second. */
  readonly orderIsOut: boolean
}

export type AskAddressError = StorageError | ReadOrderError | PayAddressError
  | { readonly code: 'not-sent' | 'not-yours' | 'ended' | 'already-paid' | 'under-way' | 'merchant-asked' | 'no-agreed-amount'
    /** Whether a former invoice of this order was paid cannot be learnt now: a second one could be paid twice (T9). */
    | 'former-unknown'
    /** The address handed out an invoice that belongs to another order. */
    | 'hash-of-other-order' }

/** `paid`: a former invoice turned out to be. */
export type Asked = 'made' | 'still-good' | 'paid'

const OVER: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'failed', 'completed'])
/** With less left than this an invoice is no longer handed out. */
const LEAST_SECONDS = 60

/**
 * Asks a prepaid merchant's Lightning address for an invoice of exactly what was agreed, and keeps it as this device's own
 * request (orders.md §4): from then on it is checked, shown and paid like a merchant's.
 */
export async function askAddress(deps: AskAddressDeps, key: OrderKey, address: string): Promise<Result<Asked, AskAddressError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  const refused = whyNot(deps, order)
  if (refused !== null)
    return err({ code: refused })
  const msat = agreedOf(order)
  if (msat === null)
    return err({ code: 'no-agreed-amount' })
  const current = order.request
  if (current?.selfMade !== undefined && current.msat === msat && (current.expiresAt ?? 0) - deps.clock.now() >= LEAST_SECONDS)
    return ok('still-good')
  const former = await checkFormer(deps, key, order)
  if (!former.ok || former.value === 'paid')
    return former

  const made = await deps.payAddress.invoice(address, msat)
  if (!made.ok)
    return made
  if (!isFresh(made.value, order, deps.knownHashes()))
    return err({ code: 'hash-of-other-order' })
  const { bolt11, paymentHash, host, verify } = made.value
  // Two tabs that were given one invoice keep one fact.
  const fact = localFact({ id: factId('self-made', key, paymentHash), me: deps.signer.pubkey, order: key, at: deps.clock.now() }, { type: 'self-made', paymentHash, bolt11, msat, address, host, verify })
  const kept = await keepFacts(deps, [fact])
  return kept.ok ? ok('made') : kept
}

function whyNot({ signer, orderIsOut }: AskAddressDeps, order: Order): Exclude<AskAddressError, PayAddressError | StorageError>['code'] | null {
  if (order.shopper !== signer.pubkey)
    return 'not-yours'
  if (order.payment !== 'unpaid')
    return 'already-paid'
  if (OVER.has(order.status) || order.refusal !== null)
    return 'ended'
  if (order.paying !== null)
    return 'under-way'
  if (order.request !== null && order.request.selfMade === undefined)
    return 'merchant-asked'
  return orderIsOut ? null : 'not-sent'
}

const agreedOf = ({ snapshot }: Order) => snapshot?.side === 'shopper' ? snapshot.totals.totalMsat : null

/** One hash twice: whoever was paid once would hold the proof for both (I6). */
const isFresh = ({ paymentHash }: AddressInvoice, order: Order, known: ReadonlyMap<Hex32, OrderKey>): boolean =>
  (known.get(paymentHash) ?? order.key) === order.key && order.requests.every(request => request.paymentHash !== paymentHash)

type Watched = RequestFact & { readonly paymentHash: Hex32, readonly msat: NonNullable<RequestFact['msat']>, readonly bolt11: string, readonly selfMade: { readonly verify: string } }

const isWatched = (request: RequestFact): request is Watched =>
  typeof request.selfMade?.verify === 'string' && request.paymentHash !== null && request.msat !== null && request.bolt11 !== null

/** Invoices of an order whose payment their service can be asked about, and which nothing has proved yet. */
export const watchedInvoices = (order: Order): readonly Watched[] =>
  order.requests.filter(isWatched).filter(({ paymentHash }) => !order.payments.some(paid => paid.paymentHash === paymentHash && paid.strength === 'proved'))

async function checkFormer(deps: AskAddressDeps, key: OrderKey, order: Order): Promise<Result<Asked, AskAddressError>> {
  for (const request of watchedInvoices(order)) {
    const found = await checkAddressPayment(deps, key, request)
    if (!found.ok)
      return found
    if (found.value === 'settled')
      return ok('paid')
    if (found.value === 'unknown')
      return err({ code: 'former-unknown' })
  }
  return ok('made')
}

/** Asks the service that made it whether an invoice was paid, and notes it with whatever it proves (LUD-21). */
export async function checkAddressPayment(deps: Pick<AskAddressDeps, 'journal' | 'notes' | 'clock' | 'signer' | 'payAddress'>, key: OrderKey, { bolt11, paymentHash, msat, selfMade }: Watched): Promise<Result<'settled' | 'pending' | 'unknown', StorageError>> {
  const found = await deps.payAddress.verify({ bolt11, paymentHash, verify: selfMade.verify })
  if (found.status !== 'settled')
    return ok(found.status)
  const noted = await notePaidElsewhere(deps, key, { paymentHash, msat, preimage: found.preimage })
  return noted.ok ? ok('settled') : noted
}
