import type { TaggedMessage } from './event'
import type { Answer } from './gamma-envelope'
import type { TagReader } from './gamma-tags'
import * as v from 'valibot'
import { err } from '../result'
import { tokenIn } from './cashu'
import { orderId, schemaError } from './fields'
import { base, fine, refused } from './gamma-envelope'
import { shownWords } from './gamma-tags'
import { isOrderSubject } from './order-subject'
import { readOption, withoutOptions } from './payment-option'
import { readExtra, type Extra } from './souk-extra'
import { decodeShopstr, isShopstrSubject } from './shopstr-messages'

/**
 * Kind 14: words between people, with the order they are about as subject (gamma.md §4); and whatever Shopstr says, told
 * apart by its subjects (§6).
 */
export function decodeChat(opened: TaggedMessage, tags: TagReader): Answer {
  const subject = tags.one('subject') ?? ''
  const order = tags.one('order')
  if (opened.transport === 'nip59') {
    if (subject === 'donation')
      return refused('unsupported', subject)
    if (order !== undefined && isShopstrSubject(subject))
      return decodeShopstr(opened, tags, subject)
  }
  const extra = opened.transport === 'nip59' ? readExtra.ofTag(tags.one('souk')) : null
  const read = v.safeParse(v.object({ text: shownWords, order: v.optional(orderId) }), { text: opened.plaintext, order: order ?? (isOrderSubject(subject) ? subject : extra?.order ?? undefined) })
  if (!read.success)
    return err(schemaError(read.issues))
  const token = tokenIn(opened.plaintext)
  const { text } = read.output
  const about = read.output.order
  if (extra !== null && about !== undefined && extra.order === about) {
    // Shopstr's own subject for whatever it has no other for (§6): the order goes on in that dialect.
    const ours = { ...base(opened), ...(subject === 'listing-inquiry' && { dialect: 'shopstr' as const }), orderId: about }
    if (extra.status !== null)
      return fine({ ...ours, type: 'status', text, ...extra.status })
    if (extra.invoice !== null || extra.options !== null)
      return fine({ ...ours, type: 'payment-request', ...askedBy(extra), text: withoutOptions(extra.invoice === null ? text : text.replace(extra.invoice, '').trim(), extra.options ?? []) })
  }
  // Its item is no product of anybody: kept outside of orders, so that it is not waiting for one for ever.
  const isOrderLike = subject === 'zapsnag-order'
  return fine({
    ...base(opened), type: 'chat', text,
    ...(about !== undefined && (isOrderLike ? { looksLikeOrder: about } : { orderId: about })),
    ...(token !== '' && { token }),
  })
}

const askedBy = ({ pin, zoneId, reserve, invoice, options, msat }: Extra) => ({
  options: [...invoice === null ? [] : [{ type: 'ln' as const, label: 'ln', link: invoice }], ...(options ?? []).map(readOption)],
  ...(msat !== null && { msat }),
  ...(pin !== null && { pin }),
  ...(zoneId !== null && { zoneId }),
  ...(reserve && { reserve }),
})
