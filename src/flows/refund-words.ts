import type { Msat, OrderKey } from '../domain/brand'
import { limits } from '../domain/limits'
import type { Network } from '../domain/invoice/types'
import { refundObjection, type RefundObjection } from '../domain/order/refund-offer'
import { readRefundTarget, type RefundTargetError } from '../domain/order/refund-target'
import type { RefundStep } from '../domain/order/refund-types'
import type { Order, Role, WireMessage } from '../domain/order/types'
import { err, type Result } from '../domain/result'
import { inWord, type ActError } from './order-words'
import { readOrder, readOwnOrder } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps } from './send'

export type RefundWordError = ActError | RefundTargetError | { readonly code: RefundObjection | 'not-yours' | 'no-refund' }
type Said = Promise<Result<WireMessage, RefundWordError>>

/** The shopper's invoice must live until the merchant comes by; a wallet's usual hour may have begun already. */
const LEAST_GIVEN_SECONDS = 30 * 60

interface Step { readonly role: Role, readonly text: string, readonly step: RefundStep, readonly objection: (order: Order) => { readonly code: RefundObjection | 'no-refund' } | null }

async function sayStep(deps: SendDeps, key: OrderKey, { role, text, step, objection }: Step): Said {
  const me = deps.signer.pubkey
  const read = await readOwnOrder(deps, key, role)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  const wrong = objection(order)
  if (wrong !== null)
    return err(wrong)
  await afterOwnMessages(deps, messages, me)
  return sayAbout(deps, order, inWord(order, role, text, { refundStep: step }))
}

/** Offers money back, and asks the shopper for an invoice of exactly that amount. `rest` 'kept': no more will come. */
export const askRefund = (deps: SendDeps, key: OrderKey, { id, msat, why = '', text, rest }: { readonly id: string, readonly msat: Msat, readonly why?: string, readonly text: string, readonly rest?: 'kept' }): Said =>
  sayStep(deps, key, {
    role: 'merchant', text,
    step: { step: 'ask', id, msat, why: why.slice(0, limits.nameShown), ...(rest !== undefined && { rest }) },
    objection: (order) => {
      const code = refundObjection(order, msat)
      return code === null ? null : { code }
    },
  })

/** Nothing (more) goes back, and why; takes back what was offered and not begun. */
export const declineRefund = (deps: SendDeps, key: OrderKey, text: string): Said => sayStep(deps, key, {
  role: 'merchant', text, step: { step: 'none' },
  objection: order => order.refunds.some(({ state }) => state === 'paying' || state === 'unknown') ? { code: 'under-way' } : null,
})

export interface GiveDeps extends SendDeps {
  readonly network: Network
  /** Payment hashes of every order here, but for this very refund. */
  readonly usedHashes: () => ReadonlySet<string>
}

/** The shopper's answer: an invoice of exactly the amount, or a Lightning address. Checked before it is sent. */
export async function giveRefundTarget(deps: GiveDeps, key: OrderKey, { id, to, words }: { readonly id: string, readonly to: string, readonly words: string }): Said {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const record = read.value.order.refunds.find(refund => refund.id === id)
  if (record === undefined)
    return err({ code: 'no-refund' })
  const target = readRefundTarget(to, { msat: record.msat, now: deps.clock.now(), network: deps.network, usedHashes: deps.usedHashes(), leastSeconds: LEAST_GIVEN_SECONDS })
  if (!target.ok)
    return target
  const bare = target.value.kind === 'invoice' ? target.value.invoice.bolt11 : target.value.address
  return sayStep(deps, key, {
    role: 'shopper', text: `${words}\n${bare}`, step: { step: 'to', id, to: bare },
    objection: (order) => {
      const state = order.refunds.find(refund => refund.id === id)?.state
      return state === 'paid' ? { code: 'already-refunded' } : state === 'replaced' ? { code: 'replaced' } : state === 'paying' || state === 'unknown' ? { code: 'under-way' } : null
    },
  })
}

/** The shopper's word that a refund has arrived. */
export const confirmRefund = (deps: SendDeps, key: OrderKey, { id, text }: { readonly id: string, readonly text: string }): Said => sayStep(deps, key, {
  role: 'shopper', text, step: { step: 'got', id },
  objection: order => order.refunds.some(refund => refund.id === id && refund.state === 'paid') ? null : { code: 'no-refund' },
})
