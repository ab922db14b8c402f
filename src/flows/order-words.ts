import type { EventId, OrderKey } from '../domain/brand'
import { allowedActs, type Act } from '../domain/order/acts'
import { isPaidTo } from '../domain/order/status'
import type { Order, Role, WireMessage } from '../domain/order/types'
import { isUnderpaid } from '../domain/order/underpaid'
import type { Saying } from '../domain/protocol/saying'
import type { ExtraStatus } from '../domain/protocol/souk-extra'
import { err, type Result } from '../domain/result'
import { readOrder, type ReadOrderError } from './read-order'
import { afterMessages, sayAbout, type SendDeps, type SendError } from './send'

/** `not-allowed`: the order has moved on since the button was shown. */
export type ActError = SendError | ReadOrderError | { readonly code: 'not-allowed' }
export type Acted = Promise<Result<WireMessage, ActError>>

export interface Utterance {
  readonly role: Role
  readonly may: (order: Order) => boolean
  readonly words: (order: Order) => Saying
}

const allows = (role: Role, ...acts: readonly Act[]) => (order: Order): boolean => allowedActs(order, role).some(act => acts.includes(act))
const ENDED: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'completed', 'failed'])

/** Says something about an order to its other party, if its side may do so now. */
export async function say(deps: SendDeps, key: OrderKey, { role, may, words }: Utterance): Acted {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (order[role] !== me || !may(order))
    return err({ code: 'not-allowed' })
  await afterMessages(deps, messages)
  return sayAbout(deps, order, words(order))
}

/** What was said as paid stays so: peers show the two booleans as they come (nip15.md §9). */
const isPaid = (order: Order): boolean => isPaidTo(order, 'merchant') && !isUnderpaid(order)

export const inWord = (order: Order, role: Role, text: string, extra: ExtraStatus): Saying => ({ say: 'word', by: order[role], text, extra })

export interface Shipment { readonly text: string, readonly carrier: string, readonly number: string, readonly url?: string, readonly eta?: string }

export const shipOrder = (deps: SendDeps, key: OrderKey, { text, carrier, number, url, eta }: Shipment): Acted => say(deps, key, {
  role: 'merchant',
  // Unpaid ones too, after a warning: some trust their customers, and peers can do it.
  may: order => !order.shipped && !ENDED.has(order.status),
  words: order => ({
    say: 'status',
    change: 'shipped',
    text,
    paid: isPaid(order),
    shipped: true,
    pin: order.placedBy,
    ...((carrier !== '' || number !== '') && { tracking: { carrier, number, ...(url !== undefined && { url }), ...(eta !== undefined && { eta }) } }),
  }),
})

export const unshipOrder = (deps: SendDeps, key: OrderKey, text: string): Acted => say(deps, key, {
  role: 'merchant',
  may: allows('merchant', 'unship'),
  words: order => ({ say: 'status', change: 'unshipped', text, paid: isPaid(order), shipped: false, pin: order.placedBy }),
})

/** The merchant's own word, for money that came another way (T8: shown as said, not as proved). */
export const markPaid = (deps: SendDeps, key: OrderKey, text: string): Acted => say(deps, key, {
  role: 'merchant',
  may: allows('merchant', 'mark-paid'),
  words: order => ({ say: 'status', change: 'paid', text, paid: true, shipped: order.shipped, pin: order.placedBy }),
})

/** A message of its own: `paid: false` takes nothing back. */
export const takeBackPaid = (deps: SendDeps, key: OrderKey, text: string): Acted => say(deps, key, {
  role: 'merchant',
  may: allows('merchant', 'take-back-paid'),
  words: order => inWord(order, 'merchant', text, { takesBackPaid: true }),
})

export const confirmReceived = (deps: SendDeps, key: OrderKey, text: string): Acted => say(deps, key, {
  role: 'shopper',
  may: allows('shopper', 'confirm-received'),
  words: order => inWord(order, 'shopper', text, { word: 'delivered' }),
})

/** Before money has moved it ends the order; after that it only asks for it (orders.md §3.1). */
export const cancelOrder = (deps: SendDeps, key: OrderKey, role: Role, text: string): Acted => say(deps, key, {
  role,
  may: allows(role, 'cancel', 'ask-cancel'),
  words: order => inWord(order, role, text, { cancelled: true }),
})

const STEPS = { accept: 'accepted', process: 'processing', ready: 'ready_to_ship', deliver: 'delivered', complete: 'completed' } as const satisfies Readonly<Partial<Record<Act, ExtraStatus['word']>>>
export type Step = keyof typeof STEPS

/** One of the merchant's steps between paid and done. */
export const sayStep = (deps: SendDeps, key: OrderKey, step: Step, text: string): Acted => say(deps, key, {
  role: 'merchant',
  may: allows('merchant', step),
  words: order => inWord(order, 'merchant', text, { word: STEPS[step] }),
})

const wishToCancel = ({ timeline }: Order): EventId | undefined => timeline.findLast(({ what }) => what === 'cancel-requested')?.message

/** The merchant's no to a shopper who asks to cancel a paid order. It names the wish: by clocks alone it might seem to come before. */
export const keepOrder = (deps: SendDeps, key: OrderKey, text: string): Acted => say(deps, key, {
  role: 'merchant',
  may: order => allows('merchant', 'keep-order')(order) && wishToCancel(order) !== undefined,
  words: (order) => {
    const keepsOrder = wishToCancel(order)
    return inWord(order, 'merchant', text, keepsOrder === undefined ? {} : { keepsOrder })
  },
})

const DISPUTES = { 'dispute': 'opened', 'withdraw-dispute': 'withdrawn', 'resolve-dispute': 'resolved' } as const satisfies Readonly<Partial<Record<Act, ExtraStatus['dispute']>>>

/** Reports a problem, takes the own report back, or (the merchant alone) says that it is solved. */
export const sayDispute = (deps: SendDeps, key: OrderKey, role: Role, act: keyof typeof DISPUTES, text: string): Acted => say(deps, key, {
  role,
  may: allows(role, act),
  words: order => inWord(order, role, text, { dispute: DISPUTES[act] }),
})
