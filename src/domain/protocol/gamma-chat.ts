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
import { readExtra } from './souk-extra'
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
  const read = v.safeParse(v.object({ text: shownWords, order: v.optional(orderId) }), { text: opened.plaintext, order: order ?? (isOrderSubject(subject) ? subject : undefined) })
  if (!read.success)
    return err(schemaError(read.issues))
  const token = tokenIn(opened.plaintext)
  const { text } = read.output
  const about = read.output.order
  const extra = opened.transport === 'nip59' ? readExtra.ofTag(tags.one('souk')) : null
  if (extra !== null && extra.status !== null && extra.order !== null && extra.order === about)
    return fine({ ...base(opened), type: 'status', orderId: about, text, ...extra.status })
  // Its item is no product of anybody: kept outside of orders, so that it is not waiting for one for ever.
  const isOrderLike = subject === 'zapsnag-order'
  return fine({
    ...base(opened), type: 'chat', text,
    ...(about !== undefined && (isOrderLike ? { looksLikeOrder: about } : { orderId: about })),
    ...(token !== '' && { token }),
  })
}
