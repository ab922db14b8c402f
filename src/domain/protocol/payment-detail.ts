import type { PaymentDetail } from '../catalog/nip99-types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import * as v from 'valibot'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValues } from './event-shape'
import { requiredText, schemaError } from './fields'
import { distinct, listingBase, ownReference } from './listing-tags'
import { parseJson } from './json'
import { withoutUnseen } from './shown-text'

export type PaymentDetailError = ListingError | { readonly code: 'unsupported', readonly detail: string }

const Body = v.object({ payment_method: requiredText(40), payment_detail: requiredText(limits.name), is_default: v.optional(v.unknown()) })

/** Plebeian's kind 30078 labelled `payment_detail` (gamma.md §5). Everything else of that kind is some app's own data. */
export function decodePaymentDetail(event: NostrEvent): Result<PaymentDetail, PaymentDetailError> {
  if (!tagValues(event, 'l').includes('payment_detail'))
    return err({ code: 'unsupported', detail: 'app data' })
  const base = listingBase(event)
  if (!base.ok)
    return base
  const json = parseJson(event.content)
  if (!json.ok)
    return json
  const body = v.safeParse(Body, json.value)
  if (!body.success)
    return err(schemaError(body.issues))
  return ok({
    ...base.value,
    dialect: 'plebeian',
    merchant: event.pubkey,
    method: withoutUnseen(body.output.payment_method),
    destination: withoutUnseen(body.output.payment_detail).trim(),
    isDefault: body.output.is_default === true,
    products: distinct(tagValues(event, 'a').map(text => ownReference(text, event.pubkey, [kinds.gammaProduct, kinds.collection])), limits.orderItems),
  })
}
