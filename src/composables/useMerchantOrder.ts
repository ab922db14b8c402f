import { shallowReadonly, shallowRef, toValue, type MaybeRefOrGetter } from 'vue'
import type { Hex32, OrderKey, Seconds } from '../domain/brand'
import type { FormerDoubt } from '../domain/order/former-invoices'
import type { ByHand } from '../domain/order/hand-payment'
import { isHeld } from '../domain/order/held-money'
import { ownInvoices } from '../domain/order/own-invoices'
import { whereToAsk } from '../domain/wallet/merchant-wallets'
import { err, ok, type Result } from '../domain/result'
import { localFact } from '../flows/local-fact'
import { keepFacts } from '../flows/own-notes'
import type { Step } from '../flows/order-words'
import type { AskingChoice } from '../flows/requestPayment'
import type { HoldChoice } from '../flows/settleHold'
import type { SendDeps } from '../flows/send'
import steps from '../locales/steps.en.json'
import { useOrdersStore } from '../stores/orders'
import { keepOrder, markPaid, refuseOrder, requestByHand, requestPayment, sayDispute, sayStep, sendChat, shipOrder, takeBackPaid, unshipOrder } from './desk-flows'
import { filled, sentWords } from './sent-words'
import { useBookStock } from './useBookStock'
import { cannotKnow, noWallet, useDesk } from './useDesk'
import { locked } from './useSender'

export interface DeskError {
  readonly code: string
  readonly detail?: string
  /** Of an invoice that was sent before: until when it can be paid, and whether its wallet gives it up when told. */
  readonly until?: Seconds | null
  readonly withdrawable?: boolean
}
export type DeskActed = Promise<Result<void, DeskError>>
export interface ShipForm { readonly carrier: string, readonly number: string, readonly message: string }

/** Everything a merchant does with one order. Each act says what went wrong, and is the only one while it runs. */
export function useMerchantOrder(key: MaybeRefOrGetter<OrderKey>) {
  const orders = useOrdersStore()
  const desk = useDesk()
  const stock = useBookStock()
  const busy = shallowRef(false)
  const numberOf = (order: OrderKey): string => orders.get(order)?.number ?? ''
  const problem = shallowRef<DeskError | null>(null)

  async function act(work: (deps: SendDeps, order: OrderKey) => Promise<Result<unknown, DeskError>>): DeskActed {
    const deps = desk.sender()
    if (deps === null || busy.value)
      return err(deps === null ? locked : { code: 'busy' })
    busy.value = true
    try {
      const done = await work(deps, toValue(key))
      problem.value = done.ok ? null : done.error
      return done.ok ? ok(undefined) : done
    }
    finally {
      busy.value = false
    }
  }

  /** `ordinary`: what pays it is taken at once, whatever is reserved otherwise. */
  const makeInvoice = ({ ordinary = false, ...choice }: Pick<AskingChoice, 'zoneId' | 'despite'> & { readonly ordinary?: boolean } = {}): DeskActed => act(async (deps, order) => {
    const source = desk.source.value
    if (source === null)
      return err(noWallet)
    const { reserve, ...invoicing } = desk.invoicing(deps, source)
    return requestPayment({ ...invoicing, ...!ordinary && reserve !== undefined && { reserve } }, order, choice)
  })

  /** Looks up every invoice of this order now. */
  const settleNow = (): DeskActed => act(async (_deps, order) => {
    const wallets = desk.wallets.value
    if (wallets.length === 0)
      return err(noWallet)
    const listed = orders.get(order)
    const all = listed === undefined ? [] : ownInvoices(listed)
    const asked = all.filter(invoice => whereToAsk(invoice, wallets).ids.length > 0)
    if (asked.length === 0 && all.length > 0)
      return err(cannotKnow)
    let unknown: DeskError | null = null
    for (const invoice of asked) {
      const settled = await desk.settle(order, invoice.paymentHash)
      if (!settled.ok)
        return settled
      if (settled.value.state.status === 'unknown')
        unknown ??= invoice.byHand ? { code: 'not-in-wallet' } : whereToAsk(invoice, wallets).sure ? { code: 'source_offline', detail: settled.value.state.reason } : cannotKnow
    }
    void stock.bookNow()
    return unknown === null ? ok(undefined) : err(unknown)
  })

  /** Takes or gives back what is reserved, instead of waiting for the rules. */
  const decideHold = (choice: HoldChoice): DeskActed => act(async (_deps, order) => {
    const held = orders.get(order)?.holds.find(isHeld)
    return held === undefined ? err({ code: 'no-invoice' }) : desk.settle(order, held.paymentHash, choice)
  })

  const setNote = (text: string): DeskActed => act((deps, order) =>
    keepFacts(deps, [localFact({ id: deps.clock.newId(), me: deps.signer.pubkey, order, at: deps.clock.now() }, { type: 'note', text })]))

  return {
    busy: shallowReadonly(busy),
    problem: shallowReadonly(problem),
    makeInvoice,
    askByHand: (hand: ByHand, despite: readonly FormerDoubt[] = []): DeskActed => act((deps, order) => requestByHand(desk.byHand(deps), order, hand, despite)),
    /** By another order, or already asked with for this one. */
    isHashUsed: (hash: Hex32): boolean => (desk.ownerOf(hash) ?? toValue(key)) !== toValue(key)
      || orders.get(toValue(key))?.requests.some(({ paymentHash }) => paymentHash === hash) === true,
    ship: ({ carrier, number, message }: ShipForm): DeskActed => act((deps, order) => shipOrder(deps, order, {
      carrier,
      number,
      text: message.trim() !== '' ? message : carrier !== '' && number !== '' ? filled(sentWords.shippedBy, { carrier, number }) : sentWords.shipped,
    })),
    unship: (message: string): DeskActed => act((deps, order) => unshipOrder(deps, order, message.trim() === '' ? sentWords.unshipped : message)),
    refuse: (text: string): DeskActed => act((deps, order) => refuseOrder(deps, order, text)),
    markPaid: (text: string): DeskActed => act(async (deps, order) => {
      const said = await markPaid(deps, order, text.trim() === '' ? sentWords.paid : text)
      if (said.ok)
        void stock.bookNow()
      return said
    }),
    takeBackPaid: (reason: string): DeskActed => act((deps, order) => takeBackPaid(deps, order, filled(sentWords.takenBack, { reason }))),
    /** @param text '' = the usual sentence */
    step: (step: Step, text: string): DeskActed => act((deps, order) => sayStep(deps, order, step, text === '' ? filled(steps.sent[step], { number: numberOf(order) }) : text)),
    keepOrder: (reason: string): DeskActed => act((deps, order) => keepOrder(deps, order, filled(steps.sent.keep, { number: numberOf(order), reason }))),
    endDispute: (how: 'resolve-dispute' | 'withdraw-dispute', reason: string): DeskActed => act((deps, order) => sayDispute(deps, order, 'merchant', how, filled(steps.sent[how], { number: numberOf(order), reason }).trim())),
    sendMessage: (text: string): DeskActed => act((deps, order) => sendChat(deps, order, text)),
    settleNow,
    decideHold,
    setNote,
  }
}
