import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import * as v from 'valibot'
import { isEventId, isHex32, isMsat, isSeconds, type OrderKey } from '../domain/brand'
import { isAskedAgain } from '../domain/order/asked-again'
import { splitKey } from '../domain/order/keys'
import { limits } from '../domain/limits'
import type { RequestFact } from '../domain/order/types'
import { useAccountStore } from './account'
import { useOrdersStore } from './orders'
import { accountKey, readSealed } from './persisted'
import { useServices } from './services'

export interface CurrentRequest { readonly order: OrderKey, readonly request: RequestFact }

const MOST = 50
const WRITE_DELAY_MS = 500

const Request = v.object({
  message: v.custom<RequestFact['message']>(isEventId),
  recipient: v.string(),
  at: v.custom<RequestFact['at']>(isSeconds),
  options: v.pipe(v.array(v.object({ type: v.picklist(['ln', 'lnurl', 'btc', 'url', 'cashu', 'other']), label: v.string(), link: v.string() })), v.maxLength(limits.paymentOptions)),
  text: v.string(),
  bolt11: v.nullable(v.string()),
  paymentHash: v.nullable(v.custom<NonNullable<RequestFact['paymentHash']>>(isHex32)),
  msat: v.nullable(v.custom<NonNullable<RequestFact['msat']>>(isMsat)),
  expiresAt: v.nullable(v.custom<NonNullable<RequestFact['expiresAt']>>(isSeconds)),
  saidMsat: v.exactOptional(v.custom<NonNullable<RequestFact['saidMsat']>>(isMsat)),
  deadline: v.exactOptional(v.custom<NonNullable<RequestFact['deadline']>>(isSeconds)),
  selfMade: v.exactOptional(v.object({ address: v.string(), host: v.string(), verify: v.nullable(v.string()) })),
  supersededBy: v.null(),
})
const Requests: v.GenericSchema<unknown, readonly CurrentRequest[]> = v.pipe(v.array(v.object({
  order: v.custom<OrderKey>(value => typeof value === 'string' && splitKey(value) !== undefined),
  request: Request,
})), v.maxLength(MOST))

/** What is to be paid now, soonest to expire first; superseded requests are not in here (T10). */
export const usePaymentRequestsStore = defineStore('payment-requests', () => {
  const { snapshots } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const remembered = shallowRef<readonly CurrentRequest[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  const folded = computed<readonly CurrentRequest[]>(() => orders.asShopper
    .flatMap(({ key, request, status, payment, payments }) =>
      status === 'payment_requested' && (payment === 'unpaid' || isAskedAgain({ request, payment, payments })) && request !== null ? [{ order: key, request }] : [])
    .sort((a, b) => (a.request.expiresAt ?? Infinity) - (b.request.expiresAt ?? Infinity))
    .slice(0, MOST))
  const current = computed(() => orders.loaded ? folded.value : remembered.value)

  const place = () => account.pubkey === null || account.vault === null
    ? null
    : { snapshots, key: accountKey(account.pubkey, 'payment-requests'), version: 1, schema: Requests, vault: account.vault }

  const stopReading = watch(() => account.vault, async () => {
    remembered.value = []
    clearTimeout(timer)
    timer = undefined
    const where = place()
    const found = where === null ? null : await readSealed(where)
    if (found?.ok && found.value !== undefined && account.vault === where?.vault)
      remembered.value = found.value
  }, { immediate: true, flush: 'sync' })

  const stopWriting = watch(folded, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      const where = place()
      if (where !== null && orders.loaded)
        void snapshots.writeSealed(where.key, where.version, folded.value, where.vault)
    }, WRITE_DELAY_MS)
  })
  onScopeDispose(() => {
    stopReading()
    stopWriting()
    clearTimeout(timer)
  })

  return { current }
})
