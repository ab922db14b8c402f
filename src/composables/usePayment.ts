import { computed, shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Hex32, OrderKey } from '../domain/brand'
import { claimableHash } from '../domain/order/invoice-claim'
import { decodeRequestInvoice } from '../domain/order/request-invoice'
import { paymentHashOwners } from '../domain/order/hash-owners'
import { wasAsked } from '../domain/order/paying-wallet'
import { paymentPanel, type PaymentPanelState } from '../domain/order/payment-panel'
import { err, ok, type Result } from '../domain/result'
import type { AskAddressError } from '../flows/askAddress'
import type { OtherWay } from '../domain/order/other-ways'
import type { ClaimError } from '../flows/claimPaid'
import type { PayError } from '../flows/payOrder'
import type { RemindError } from '../flows/remindMerchant'
import type { ChatError } from '../flows/sendChat'
import type { PayOutcome, WalletBudget } from '../ports/wallet'
import { useDeliveriesStore } from '../stores/deliveries'
import { useHandedOverStore, type HandedOver } from '../stores/handed-over'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import type { notLoaded } from './lazy-flow'
import { filled, sentWords } from './sent-words'
import { askAddress, claimPaid, giveUpPaying, payOrder, remindMerchant, sendChat } from './shopper-flows'
import { useNow } from './useNow'
import { usePrepaid } from './usePrepaid'
import { usePayingNow } from './usePayingNow'
import { locked, useSender } from './useSender'
import { useShopperWallet } from './useShopperWallet'

/** The shopper's side of paying one order: what the panel shows, and what its buttons do. */
export function usePayment(key: MaybeRefOrGetter<OrderKey>) {
  const { config, payAddress } = useServices()
  const orders = useOrdersStore()
  const deliveries = useDeliveriesStore()
  const settings = useSettingsStore()
  const handed = useHandedOverStore()
  const wallet = useShopperWallet()
  const paying = usePayingNow()
  const sender = useSender()
  const now = useNow()
  /** Payment hash of the one invoice whose differing amount was agreed to. */
  const accepted = shallowRef<Hex32 | null>(null)
  const outcome = shallowRef<PayOutcome | null>(null)
  const problem = shallowRef<PayError | typeof locked | typeof notLoaded | null>(null)
  const order = computed(() => orders.get(toValue(key)))
  /** Why the merchant's address gave no invoice, when it was asked last. */
  const addressProblem = shallowRef<AskAddressError | typeof locked | typeof notLoaded | null>(null)
  const prepaid = usePrepaid(order)
  const knownHashes = computed(() => paymentHashOwners(orders.byKey.values()))
  const outboxWaiting = computed(() => {
    const placedBy = order.value?.placedBy
    return deliveries.ofOrder(toValue(key)).some(({ message, deliveredAt }) => message === placedBy && deliveredAt === null)
  })

  watch(() => toValue(key), () => {
    accepted.value = null
    outcome.value = null
    problem.value = null
    addressProblem.value = null
  })

  /** What a wallet outside may have of this order, and of that, what it surely was given. */
  const given = computed(() => handed.of(toValue(key)))
  const taken = computed(() => given.value?.how === 'taken' ? given.value.paymentHash : null)

  const state = computed<PaymentPanelState>(() => order.value === undefined
    ? { type: 'waiting-for-merchant', sinceSeconds: 0, reminder: 'early' }
    : paymentPanel({ order: order.value, now: now.value, outboxWaiting: outboxWaiting.value, network: config.network, knownHashes: knownHashes.value, accepted: accepted.value, prepaid: prepaid.value, shown: taken.value, onScreen: given.value?.paymentHash ?? null, canAsk: wallet.value !== null && (order.value.paying === null || wasAsked(wallet.value, order.value)) }))

  const budget = shallowRef<WalletBudget | null>(null)
  // Asked when there is something to pay, and again when the wallet has answered: it may have spent.
  watch([wallet, () => state.value.type === 'ready'] as const, async ([now, ready]) => {
    if (!ready || now?.budget === undefined) {
      budget.value = null
      return
    }
    const known = await now.budget()
    if (wallet.value === now)
      budget.value = known
  }, { immediate: true })

  const hashInForce = (): Hex32 | null => {
    const bolt11 = order.value?.request?.bolt11 ?? null
    const invoice = bolt11 === null ? null : decodeRequestInvoice(bolt11)
    return invoice?.ok ? invoice.value.paymentHash : null
  }

  function markGiven(how: HandedOver['how']): void {
    const hash = hashInForce()
    if (hash !== null)
      handed.mark(toValue(key), hash, how)
  }

  /** By the connected wallet. A second tap while it runs is none (T9). */
  async function pay(): Promise<void> {
    const order = toValue(key)
    const deps = sender()
    if (wallet.value === null || paying.has(order))
      return
    const asked = hashInForce()
    if (deps === null) {
      problem.value = locked
      return
    }
    paying.add(order)
    settings.setPayer('wallet')
    try {
      const paid = await payOrder({ ...deps, wallet: wallet.value, network: config.network, knownHashes: () => knownHashes.value, accepted: accepted.value }, order)
      outcome.value = paid.ok ? paid.value : null
      problem.value = paid.ok ? null : paid.error
      // The wallet has it: what was copied before is no longer what is being paid; its code may have been scanned all the same.
      const outside = handed.of(order)
      if (outside !== null && paid.ok && (paid.value.status === 'paid' || paid.value.status === 'unknown')) {
        handed.forget(order)
        if (outside.paymentHash === asked)
          handed.mark(order, outside.paymentHash, 'code')
      }
    }
    finally {
      paying.delete(order)
    }
  }

  /** Asks a prepaid merchant's address for the invoice; it is shown and paid like one that was sent. */
  async function payToAddress(): Promise<void> {
    const order = toValue(key)
    const address = prepaid.value?.address ?? null
    const deps = sender()
    if (address === null || paying.has(order))
      return
    if (deps === null) {
      addressProblem.value = locked
      return
    }
    const asked = await askAddress({ ...deps, payAddress, orderIsOut: !outboxWaiting.value, knownHashes: () => knownHashes.value }, order, address)
    if (order !== toValue(key))
      return
    addressProblem.value = asked.ok ? null : asked.error
    // Who asks for another has not paid the former.
    if (asked.ok)
      handed.forget(order)
  }

  /** A message to the merchant: there is no other way to ask for a new invoice (nip15.md §8). */
  /** @param other no invoice was sent: another way is asked for */
  async function askAnew(other = false): Promise<Result<void, ChatError | typeof locked | typeof notLoaded>> {
    const deps = sender()
    if (deps === null)
      return err(locked)
    const sent = await sendChat(deps, toValue(key), filled(other ? sentWords.askOther : sentWords.askAnew, { number: order.value?.number ?? '' }))
    // Who asks for another has not paid this one.
    if (sent.ok)
      handed.forget(toValue(key))
    return sent.ok ? ok(undefined) : sent
  }

  /** A line to a merchant whose invoice has not come, or who has said nothing of a payment. */
  async function remind(): Promise<Result<void, RemindError | typeof locked | typeof notLoaded>> {
    const deps = sender()
    if (deps === null)
      return err(locked)
    const words = state.value.type === 'waiting-for-merchant' ? sentWords.remind : sentWords.remindPaid
    const sent = await remindMerchant(deps, toValue(key), filled(words, { number: order.value?.number ?? '' }))
    return sent.ok ? ok(undefined) : sent
  }

  /** The person's own wallet shows no payment where none was answered for: another invoice may be paid. */
  async function notPaid(): Promise<Result<void, PayError | typeof locked | typeof notLoaded>> {
    const deps = sender()
    return deps === null ? err(locked) : giveUpPaying({ ...deps, network: config.network, knownHashes: () => knownHashes.value }, toValue(key))
  }

  /**
   * 'I have paid', where no wallet of ours can know: the merchant is told, and looks.
   * @param invoice payment hash of the invoice that was paid; null: it was paid by another way
   */
  async function claim(way: OtherWay | null, invoice: Hex32 | null): Promise<Result<void, ClaimError | typeof locked | typeof notLoaded>> {
    const deps = sender()
    if (deps === null)
      return err(locked)
    const msat = state.value.type === 'unsupported' ? state.value.elsewhere?.msat ?? null : state.value.type === 'ready' ? state.value.msat : null
    const said = await claimPaid(deps, toValue(key), { way, invoice, msat, text: filled(sentWords.claim, { number: order.value?.number ?? '' }) })
    return said.ok ? ok(undefined) : said
  }

  return {
    state,
    remind,
    notPaid,
    /** The former invoice was not paid: what replaced it is shown. */
    showNew: (): void => { handed.forget(toValue(key)) },
    claim,
    /** Payment hash of the invoice that may be said to be paid; null: none is shown. */
    claimable: computed(() => order.value === undefined ? null : claimableHash(state.value, order.value, taken.value)),
    pay,
    payToAddress,
    addressProblem,
    canPayByWallet: computed(() => wallet.value !== null),
    /** Which kind of wallet that is; '' = none. */
    walletKind: computed(() => wallet.value?.kind ?? ''),
    /** What that wallet lets us know of its money. */
    budget: shallowReadonly(budget),
    /** The way that was taken last. */
    payer: computed(() => settings.payer),
    /** What the wallet said last, and what kept it from being asked. */
    outcome,
    problem,
    /** The invoice was given to a wallet outside: copied or opened. Nothing is known of it until it is paid. */
    markHandedOver: (): void => {
      markGiven('taken')
      settings.setPayer('outside')
    },
    /** Its code was on the screen: a wallet may have scanned it. */
    markSeen: (): void => markGiven('code'),
    handedOver: computed(() => taken.value !== null && taken.value === hashInForce()),
    askAnew,
    accept: (): void => { accepted.value = hashInForce() },
    secondsLeft: computed(() => state.value.type === 'ready' ? Math.max(0, state.value.expiresAt - now.value) : null),
  }
}
