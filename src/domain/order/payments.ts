import { toMsat, toSeconds, type Hex32, type Msat, type Seconds } from '../brand'
import { excessOf, receivedMsat, SAT, saidExcess } from './excess'
import type { ExcessWord } from './excess-word'
import { hashOfPreimage, weighReceipt } from './receipt-proof'
import type { Asked } from './requests'
import { comparePositions, earliest, isBefore, type Entry, type Position } from './sequence'
import type { LocalFact, PaymentFact, PaymentStrength, RequestFact } from './types'
import { isTakenAsPaid, saidUnderpaid } from './underpaid'
import type { UnderpaidWord } from './underpaid-word'

type Issued = Extract<LocalFact, { type: 'invoice-issued' }>

export interface Paid {
  /** One per payment hash, the strongest word on it; and the merchant's word. Oldest first. */
  readonly payments: readonly PaymentFact[]
  readonly strength: PaymentStrength
  /** Proved, or said; null when unpaid or when the merchant named no amount. */
  readonly msat: Msat | null
  /** Earliest proof or word, null = not paid. */
  readonly since: Position | null
  readonly provedSince: Position | null
  readonly issued: readonly Issued[]
  /** The merchant's words about what came too much, the newest of each payment hash; `withExcess` weighs them. */
  readonly excess: readonly (Position & ExcessWord)[]
  /** Payment hashes that the merchant's own wallet shows. */
  readonly settled: ReadonlySet<Hex32>
  /** Started, outcome not known. */
  readonly paying: { readonly hash: Hex32, readonly via: string, readonly wallet?: string, readonly since: Seconds } | null
}

const rank: Readonly<Record<PaymentFact['strength'], number>> = { claimed: 1, said: 2, proved: 3 }

/** Weighs receipts, words and wallets into proved, said or claimed (T8, T9; orders.md §5.8). */
export function gatherPayments(entries: readonly Entry[], asked: Asked): Paid {
  const issued = entries.flatMap(({ message }) => message.type === 'invoice-issued' ? [message] : [])
  const requestOf = new Map(asked.requests.flatMap(request => request.paymentHash === null ? [] : [[request.paymentHash, request] as const]))
  const claims: PaymentFact[] = []
  let said: Position | null = null
  let short: (Position & UnderpaidWord) | null = null
  const excess = new Map<Hex32, Position & ExcessWord>()
  const settled = new Set<Hex32>()
  let paying: Paid['paying'] = null

  for (const { at, id, by, message } of entries) {
    switch (message.type) {
      case 'status':
        // A mistaken word is taken back by a message of its own, never by `paid: false`.
        if (by === 'merchant' && message.underpaid !== undefined)
          short = { at, id, ...message.underpaid }
        if (by === 'merchant' && message.excess !== undefined)
          excess.set(message.excess.hash, { at, id, ...message.excess })
        if (by === 'merchant' && message.takesBackPaid) {
          said = null
          short = null
          excess.clear()
        }
        else if (by === 'merchant' && message.saidPaid)
          said ??= { at, id }
        break
      case 'receipt':
        claims.push(receiptFact({ at, id }, message.preimage, message.invoice, requestOf))
        break
      case 'wallet-settled':
        settled.add(message.paymentHash)
        claims.push({ strength: 'proved', paymentHash: message.paymentHash, preimage: '', msat: message.msat, at: message.settledAt, by: 'own-wallet', message: id })
        break
      case 'wallet-paid': {
        const proved = requestOf.has(message.paymentHash) && hashOfPreimage(message.preimage) === message.paymentHash
        claims.push({ strength: proved ? 'proved' : 'claimed', paymentHash: message.paymentHash, preimage: message.preimage, msat: message.msat, at, by: 'own-wallet', message: id })
        if (paying?.hash === message.paymentHash)
          paying = null
        break
      }
      case 'paying':
        paying = { hash: message.paymentHash, via: message.via, ...message.wallet !== undefined && { wallet: message.wallet }, since: at }
        break
      case 'paying-failed':
        if (paying?.hash === message.paymentHash)
          paying = null
        break
    }
  }
  const proved = strongestPerHash(claims)
  const word = merchantsWord(asked.requests, said, short)
  const payments = [...proved, ...word].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)))
  const provedSince = claims.filter(claim => claim.strength === 'proved').reduce((first: Position | null, claim) => earliest(first, positionOf(claim)), null)
  const strength = payments.reduce((best: PaymentStrength, { strength }) => best === 'unpaid' || rank[strength] > rank[best] ? strength : best, 'unpaid')
  return {
    payments,
    strength,
    msat: paidAmount(payments, strength),
    provedSince,
    // His word that a part has come is a word that something has.
    since: word.reduce((first: Position | null, one) => earliest(first, positionOf(one)), provedSince),
    issued,
    excess: [...excess.values()],
    settled,
    paying: paying !== null && !isProved(payments, paying.hash) ? paying : null,
  }
}

const isProved = (payments: readonly PaymentFact[], hash: Hex32): boolean =>
  payments.some(payment => payment.paymentHash === hash && payment.strength === 'proved')

export const positionOf = ({ at, message }: PaymentFact): Position => ({ at, id: message })

/** A preimage is worth what it proves by itself: a hash that this order asked for. */
function receiptFact({ at, id }: Position, preimage: string, invoice: string, requestOf: ReadonlyMap<Hex32, RequestFact>): PaymentFact {
  const worth = weighReceipt({ preimage, invoice }, hash => requestOf.has(hash))
  const paymentHash = worth.paymentHash !== null && requestOf.has(worth.paymentHash) ? worth.paymentHash : null
  const isProved = worth.strength === 'proved' && paymentHash !== null
  return { strength: isProved ? 'proved' : 'claimed', paymentHash, preimage, msat: isProved ? requestOf.get(paymentHash)?.msat ?? null : null, at, by: 'shopper', message: id }
}

/** The own wallet's word stands above a preimage that may have leaked before payment (payments.md §3.5). */
const isStronger = (a: PaymentFact, b: PaymentFact): boolean =>
  rank[a.strength] !== rank[b.strength]
    ? rank[a.strength] > rank[b.strength]
    : (a.by === 'own-wallet') !== (b.by === 'own-wallet')
        ? a.by === 'own-wallet'
        : isBefore(positionOf(a), positionOf(b))

function strongestPerHash(claims: readonly PaymentFact[]): readonly PaymentFact[] {
  const perHash = new Map<string, PaymentFact>()
  for (const claim of claims) {
    const hash = claim.paymentHash ?? ''
    const known = perHash.get(hash)
    // Words without a number are not about one payment: the newest are what was said last.
    if (known === undefined || (hash === '' && rank[claim.strength] === rank[known.strength] ? !isStronger(claim, known) : isStronger(claim, known)))
      perHash.set(hash, claim)
  }
  return [...perHash.values()]
}

/** 'Paid'; or how much came of one invoice, which stands only while 'paid' was not said. */
function merchantsWord(requests: readonly RequestFact[], said: Position | null, short: (Position & UnderpaidWord) | null): readonly PaymentFact[] {
  const request = short === null ? undefined : requests.find(({ paymentHash }) => paymentHash === short.hash)
  const part = short !== null && short.msat < (request?.msat ?? request?.saidMsat ?? 0) ? short : null
  if (said !== null) {
    const counted = countedAt(requests, said)
    const msat = part !== null && counted?.paymentHash === part.hash ? part.msat : counted?.msat ?? counted?.saidMsat ?? null
    return [{ strength: 'said', paymentHash: null, preimage: '', msat, at: said.at, by: 'merchant', message: said.id }]
  }
  return part === null ? [] : [{ strength: 'said', paymentHash: part.hash, preimage: '', msat: part.msat, at: part.at, by: 'merchant', message: part.id }]
}

/** What the merchant had asked for himself when he said 'paid'; other payees' parts are not his to confirm. */
export function countedAt(requests: readonly RequestFact[], said: Position): RequestFact | undefined {
  const own = requests.filter(request => request.recipient === '')
  return own.findLast(request => isBefore({ at: request.at, id: request.message }, said)) ?? own.at(-1)
}

function paidAmount(payments: readonly PaymentFact[], strength: PaymentStrength): Msat | null {
  if (strength === 'unpaid' || strength === 'claimed')
    return null
  const counted = payments.filter(payment => payment.strength === strength)
  const sum = counted.reduce((total: number | null, { msat }) => total === null || msat === null ? null : total + msat, 0)
  return sum === null || !Number.isSafeInteger(sum) ? null : toMsat(sum)
}

/**
 * To the merchant a preimage from outside is a reason to look, no payment: it can be had before anything was paid (payments.md
 * §3.5), and what is owed back or counted twice must not follow from it (T8).
 */
export function asMerchantSees(paid: Paid): Paid {
  const payments = paid.payments.filter(({ by }) => by !== 'shopper')
  const since = payments.filter(({ strength, excess }) => strength !== 'claimed' && excess === undefined).reduce((first: Position | null, payment) => earliest(first, positionOf(payment)), null)
  return { ...paid, payments, msat: receivedMsat({ payments }), since }
}

/** Over- and underpayment, second payments, payments of what was superseded (T9). */
export function paymentProblems(paid: Paid, asked: Asked, refunded: Msat): readonly ('paid-superseded' | 'paid-twice' | 'underpaid' | 'overpaid')[] {
  const proved = paid.payments.filter(payment => payment.strength === 'proved')
  // One invoice may have been sent twice: while it is asked for, paying it is right.
  const inForce = new Set(asked.requests.filter(request => request.supersededBy === null).map(request => request.paymentHash))
  // A refusal ends an invoice too, and puts no other in its place.
  const refusals = new Set<string>(asked.refusals.map(({ id }) => id))
  const superseded = new Map(asked.requests.filter(request => request.supersededBy !== null && !refusals.has(request.supersededBy) && !inForce.has(request.paymentHash)).map(request => [request.paymentHash, request]))
  const askedAtLast = (id: string | null | undefined): Seconds => asked.requests.find(request => request.message === id)?.at ?? toSeconds(0)
  // Paid to the address before the merchant asked: that is how it was to be paid then.
  const isLate = (payment: PaymentFact): boolean => {
    const request = superseded.get(payment.paymentHash)
    return request !== undefined && (request.selfMade === undefined || payment.at >= askedAtLast(request.supersededBy))
  }
  const askedFor = (payment: PaymentFact): Msat | null =>
    paid.issued.find(invoice => invoice.paymentHash === payment.paymentHash)?.asked
    ?? asked.requests.find(request => request.paymentHash === payment.paymentHash)?.msat ?? null
  // Each payee is paid once (gamma.md §8.4).
  const payees = proved.map(payment => asked.requests.find(request => request.paymentHash === payment.paymentHash)?.recipient ?? '')
  const over = proved.map(payment => payment.msat === null ? 0 : payment.msat - (askedFor(payment) ?? payment.msat))
  // What came too much and went back is settled.
  const excess = excessOf({ payments: paid.payments, issued: paid.issued, requests: asked.requests })
  const settled = excess !== null && refunded > 0 && refunded + SAT > excess.msat
  // What came of it and went back is settled, whatever the own proof says to have left.
  const part = saidUnderpaid(paid)
  return [
    ...(proved.some(payment => payment.paymentHash !== null && isLate(payment)) ? ['paid-superseded' as const] : []),
    ...((new Set(payees).size < payees.length || saidExcess(paid, 'twice').length > 0) && !settled ? ['paid-twice' as const] : []),
    ...(!isTakenAsPaid(paid) && (over.some(difference => difference < 0) || part !== undefined) && !(refunded > 0 && refunded + SAT > (part?.msat ?? paid.msat ?? Number.MAX_SAFE_INTEGER)) ? ['underpaid' as const] : []),
    ...(over.some(difference => difference > 0) && !settled ? ['overpaid' as const] : []),
  ]
}
