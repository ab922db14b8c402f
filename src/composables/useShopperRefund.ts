import { computed, shallowReadonly, shallowRef, toValue, type MaybeRefOrGetter } from 'vue'
import type { OrderKey } from '../domain/brand'
import { usedHashesOf } from '../domain/order/refund-target'
import type { RefundRecord } from '../domain/order/refund-types'
import { err, ok, type Result } from '../domain/result'
import type { SendDeps } from '../flows/send'
import words from '../locales/refunds.en.json'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { filled } from './sent-words'
import { confirmRefund, giveRefundTarget, sendChat } from './shopper-flows'
import { amountText } from './useMoney'
import { locked, useSender } from './useSender'

type Acted = Promise<Result<void, { readonly code: string, readonly detail?: string }>>

/** The merchant may come by much later. */
const DAY_SECONDS = 24 * 3_600

/** What a shopper says about money that comes back: where it goes, and whether it came. */
export function useShopperRefund(key: MaybeRefOrGetter<OrderKey>) {
  const services = useServices()
  const { config, clock } = services
  const settings = useSettingsStore()
  const orders = useOrdersStore()
  const sender = useSender()
  const busy = shallowRef<'' | 'making' | 'saying'>('')
  const values = ({ msat }: RefundRecord) => ({ amount: amountText(msat), number: orders.get(toValue(key))?.number ?? '' })

  async function act(what: 'making' | 'saying', work: (deps: SendDeps, key: OrderKey) => Promise<Result<unknown, { readonly code: string, readonly detail?: string }>>): Acted {
    const deps = sender()
    if (deps === null || busy.value !== '')
      return err(deps === null ? locked : { code: 'busy' })
    busy.value = what
    try {
      const done = await work(deps, toValue(key))
      return done.ok ? ok(undefined) : done
    }
    finally {
      busy.value = ''
    }
  }

  const tell = (deps: SendDeps, order: OrderKey, refund: RefundRecord, to: string) =>
    giveRefundTarget({ ...deps, network: config.network, usedHashes: () => usedHashesOf(orders.byKey.values(), { order, refund: refund.id }) }, order, { id: refund.id, to, words: filled(words.sent.give, values(refund)) })

  /** An invoice of exactly the amount, by the connected wallet. */
  const giveByWallet = (refund: RefundRecord): Acted => act('making', async (deps, order) => {
    const uri = settings.shopperWalletUri
    if (uri === null)
      return err({ code: 'no-wallet' })
    const source = services.openInvoiceSource({ kind: 'nwc', uri })
    try {
      // One invoice a day is enough: after a lost answer the wallet gives the same again.
      const made = await source.create({ orderId: `refund:${refund.id}`, attempt: Math.floor(clock.now() / DAY_SECONDS), amount: refund.msat, description: filled(words.sent.description, values(refund)), expirySeconds: DAY_SECONDS })
      return made.ok ? await tell(deps, order, refund, made.value.bolt11) : made
    }
    finally {
      source.dispose()
    }
  })

  return {
    busy: shallowReadonly(busy),
    canMake: computed(() => settings.shopperWalletUri !== null),
    give: (refund: RefundRecord, to: string): Acted => act('saying', (deps, order) => tell(deps, order, refund, to)),
    giveByWallet,
    confirm: (refund: RefundRecord): Acted => act('saying', (deps, order) => confirmRefund(deps, order, { id: refund.id, text: filled(words.sent.got, values(refund)) })),
    missing: (refund: RefundRecord): Acted => act('saying', (deps, order) => sendChat(deps, order, filled(words.sent.missing, values(refund)))),
  }
}
