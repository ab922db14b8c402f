import { computed, reactive, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Address, OrderKey } from '../domain/brand'
import { acceptChanges } from '../domain/cart/cart'
import { cartTotals } from '../domain/cart/totals'
import { needsAddress as zoneNeedsAddress, zoneServes } from '../domain/catalog/product'
import { unfitFor } from '../domain/catalog/parcel'
import { needsZone, zonesFor } from '../domain/catalog/shipping'
import { dialectForOrder, dialectOfGoods, readTogether } from '../domain/order/dialect-choice'
import type { Rate } from '../domain/money/types'
import { err, ok, type Result } from '../domain/result'
import type { SignInError } from '../ports/accounts'
import { placeOrder, type PlaceOrderError } from '../flows/placeOrder'
import { useAccountStore } from '../stores/account'
import { useCartStore } from '../stores/cart'
import { useCatalogStore } from '../stores/catalog'
import { useSettingsStore } from '../stores/settings'
import { contactOf, emptyForm, formErrors, formOf, isEmptyForm, type CheckoutForm } from './checkout-form'
import { usePrepaid } from './usePrepaid'
import { useEvidence } from './useEvidence'
import { useDraft } from './useDraft'
import { useNow } from './useNow'
import { useRates } from './useRates'
import { useSender } from './useSender'

export type CheckoutError = PlaceOrderError | SignInError | { readonly code: 'signed-out' | 'invalid-form' | 'no-cart' | 'busy' }

/** One stall's cart → its order. Typed text outlives a reload, and ends with the tab. Works signed out. */
export function useCheckout(stallAddress: MaybeRefOrGetter<Address>) {
  const account = useAccountStore()
  const carts = useCartStore()
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  const sender = useSender()
  const now = useNow()
  const { rateOf, ask, outdated, problem: rateProblem } = useRates()

  const address = computed(() => toValue(stallAddress))
  const cart = computed(() => carts.of(address.value) ?? null)
  const stall = computed(() => catalog.stalls.get(address.value) ?? null)
  const evidence = useEvidence(() => stall.value?.author ?? null)
  const form = reactive<CheckoutForm>({ ...emptyForm })
  const asGuest = shallowRef(false)
  const placing = shallowRef(false)
  const submitted = shallowRef(false)

  const draft = useDraft(() => `checkout:${address.value}`, formOf, () => isEmptyForm(form) ? null : { ...form })
  watch(address, async (stallNow) => {
    Object.assign(form, emptyForm)
    if (cart.value !== null)
      carts.openCheckout(stallNow)
    const kept = await draft.read()
    // What was typed meanwhile is newer.
    if (kept !== null && stallNow === address.value && isEmptyForm(form))
      Object.assign(form, kept)
  }, { immediate: true })
  watch(form, () => draft.keep())
  // Somebody else, or nobody: what was typed was not theirs. A guest's account is made by placing.
  watch(() => account.pubkey, (_now, before) => {
    if (before !== null) {
      Object.assign(form, emptyForm)
      draft.dropAll('checkout:')
    }
  })

  /** `serves`: whether the merchant says that this zone reaches the country that was typed; `unfit`: why it takes none of it. */
  const goods = computed(() => (cart.value?.lines ?? []).flatMap(line => catalog.products.get(line.product) ?? []))
  const ways = computed(() => stall.value === null ? [] : zonesFor(goods.value, stall.value))
  const zones = computed(() => ways.value.map(zone => ({ ...zone, serves: zoneServes(zone, form.country), unfit: unfitFor(zone, cart.value?.lines ?? [], catalog.products) })))
  const fitting = computed(() => zones.value.filter(({ unfit }) => unfit === null))
  const zoneId = computed<string | null>({
    // Where there is nothing to choose, nobody has to.
    get: () => cart.value?.zoneId ?? (fitting.value.length === 1 ? fitting.value[0]?.id ?? null : null),
    set: id => carts.setZone(address.value, id),
  })
  // A parcel may have grown too heavy for what was chosen.
  const zone = computed(() => ways.value.find(({ id }) => id === zoneId.value && fitting.value.some(one => one.id === id)) ?? null)
  const zoneNeeded = computed(() => stall.value !== null && needsZone(goods.value, stall.value))
  const needsAddress = computed(() => zoneNeeded.value && zoneNeedsAddress(zone.value))
  const rate = computed<Rate | null>(() => {
    void now.value
    return stall.value === null ? null : rateOf(stall.value.currency)
  })
  const needsRate = computed(() => stall.value !== null && stall.value.currency !== 'SAT' && stall.value.currency !== 'BTC')
  const sums = computed(() => cart.value === null || stall.value === null ? null : cartTotals({
    cart: cart.value,
    products: catalog.products,
    currency: stall.value.currency,
    zone: zone.value,
    rates: rate.value === null ? new Map() : new Map([[rate.value.currency, rate.value]]),
  }))
  const totals = computed(() => sums.value?.ok ? sums.value.value : null)
  const changes = computed(() => carts.changesSince(address.value))
  const errors = computed(() => formErrors(form, { needsAddress: needsAddress.value, zoneChosen: !zoneNeeded.value || zone.value !== null }))

  /** What the merchant's programs read as one order each; more than one: to be ordered apart. */
  const parts = computed(() => readTogether(goods.value))
  const dialect = computed(() => stall.value === null ? null : dialectForOrder(dialectOfGoods(goods.value) ?? stall.value.dialect, evidence.value))
  const prepaid = usePrepaid(() => stall.value === null || dialect.value === null ? null : { merchant: stall.value.author, dialect: dialect.value.dialect })
  /** Why nothing can be ordered whatever is typed; null: it can. */
  const blocked = computed<string | null>(() => {
    if (cart.value === null)
      return 'empty-cart'
    if (stall.value === null)
      return 'no-stall'
    if (stall.value.author === account.pubkey)
      return 'own-stall'
    if (changes.value.length > 0)
      return 'changed'
    if (parts.value.length > 1)
      return 'read-apart'
    if (zoneNeeded.value && fitting.value.length === 0)
      return 'no-way'
    return sums.value?.ok === false ? sums.value.error.code : null
  })

  async function place(): Promise<Result<OrderKey, CheckoutError>> {
    submitted.value = true
    if (placing.value)
      return err({ code: 'busy' })
    placing.value = true
    try {
      return await placeNow()
    }
    finally {
      placing.value = false
    }
  }

  async function placeNow(): Promise<Result<OrderKey, CheckoutError>> {
    const shop = stall.value
    if (cart.value === null || shop === null)
      return err({ code: 'no-cart' })
    if (Object.keys(errors.value).length > 0)
      return err({ code: 'invalid-form' })
    await account.resumed()
    if (account.state !== 'open') {
      const guest = asGuest.value ? await account.startGuest() : err({ code: 'signed-out' as const })
      if (!guest.ok)
        return guest
    }
    const deps = sender()
    if (deps === null)
      return err({ code: 'signed-out' })
    const orderId = carts.openCheckout(address.value)
    // A price in another currency was agreed to at some rate: the freshest, if one can be had at all.
    const agreed = needsRate.value ? rate.value ?? await ask(shop.currency) : null
    const { name, address: where, message } = form
    const placed = await placeOrder(deps, {
      cart: { ...cart.value, zoneId: zoneId.value },
      orderId,
      stall: shop,
      ...(dialect.value !== null && { dialect: dialect.value.dialect }),
      products: catalog.products,
      rate: agreed,
      name: name.trim(),
      address: needsAddress.value ? where.trim() : '',
      contact: contactOf(form, account.pubkey),
      shopperMessage: message.trim(),
    })
    if (!placed.ok)
      return placed
    // Only now: the order is kept and queued (T1).
    carts.clear(shop.address)
    draft.drop()
    if (needsAddress.value)
      void settings.saveAddress({ name: form.name.trim(), address: where.trim(), country: form.country, email: form.email, phone: form.phone, nostr: form.nostr })
    return ok(placed.value)
  }

  return {
    cart,
    stall,
    /** How the order will be said, and whether the merchant names relays for private messages (null: not known). */
    speech: computed(() => dialect.value === null ? null : { ...dialect.value, inbox: evidence.value.inbox }),
    /** A merchant who sends no invoice, and the address that is paid at once; null: the merchant sends one. */
    prepaid,
    parts,
    zones,
    zoneId,
    zone,
    form,
    needsAddress,
    errors,
    totals,
    rate,
    rateProblem: computed(() => needsRate.value && rate.value === null ? rateProblem.value : null),
    /** The last rate that was heard, where it is too old to price with. */
    oldRate: computed(() => needsRate.value && rate.value === null && stall.value !== null ? outdated.get(stall.value.currency) ?? null : null),
    changes,
    /** Takes the shelf as it is now for agreed. */
    acceptChanges: (): void => {
      if (cart.value !== null)
        carts.replace(acceptChanges(cart.value, catalog.products, now.value))
    },
    blocked,
    /** Order with a key made for this order, without an account. */
    asGuest,
    submitted,
    placing,
    place,
  }
}
