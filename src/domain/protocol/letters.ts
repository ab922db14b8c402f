import type { Dialect } from '../catalog/types'
import type { Pubkey } from '../brand'
import type { Result } from '../result'
import type { Letter } from './letter'
import type { About, Saying } from './saying'
import type { ExtraStatus } from './souk-extra'
import { ok } from '../result'
import { encodeGammaChat, encodeGammaOrder, encodeGammaReceipt, encodeGammaRequest, encodeGammaShipping, encodeGammaStatus, type EncodeError, type RumorTemplate } from './gamma-encode'
import { encodeOrder, encodeRefusal, encodeRequest, encodeStatus, encodeWord } from './nip15-encode'
import { encodeShopstrChat, encodeShopstrCompleted, encodeShopstrOrders, encodeShopstrReceipt, encodeShopstrShipped } from './shopstr-encode'
import { wireOption } from './payment-option'
import { soukTag } from './souk-extra'

type Letters = Result<readonly Letter[], EncodeError>
type Template = Result<RumorTemplate, EncodeError>

/**
 * What is said, in the words of the dialect that the other side reads: a text for NIP-04, rumors for gift wraps. Gamma takes
 * two messages for some things that are one to us, Shopstr one for each line with a choice.
 * @returns `other-merchant`, `amount`: what that dialect cannot say
 */
export function lettersOf(dialect: Dialect, about: About, saying: Saying): Letters {
  if (dialect === 'nip15')
    return ok([{ transport: 'nip04', plaintext: nip15(about, saying) }])
  const templates = dialect === 'shopstr' ? shopstr(about, saying) : gamma(about, saying)
  const letters: Letter[] = []
  for (const template of templates) {
    if (!template.ok)
      return template
    letters.push({ transport: 'nip59', template: template.value })
  }
  return ok(letters)
}

/** As our own clients read it back. */
const NAMEABLE = /^[a-z0-9]{1,2500}$/i
const other = ({ shopper, merchant }: About, by: Pubkey): Pubkey => by === shopper ? merchant : shopper

function nip15({ orderId, shopper, items }: About, saying: Saying): string {
  switch (saying.say) {
    case 'order': return encodeOrder({ ...saying, orderId, shopper, items })
    case 'request': return encodeRequest({ orderId, text: withNotices(saying), options: saying.options, pin: saying.pin, msat: saying.msat, ...(saying.zoneId !== '' && { zoneId: saying.zoneId }), ...(saying.reserve !== undefined && { reserve: true }) })
    case 'refusal': return encodeRefusal({ orderId, text: saying.text, pin: saying.pin })
    case 'status': return encodeStatus({ ...saying, orderId })
    case 'receipt': return encodeWord(orderId, saying.text, saying.preimage === '' ? { claimed: true, ...(NAMEABLE.test(saying.invoice) && { invoice: saying.invoice }) } : { preimage: saying.preimage })
    case 'word': return encodeWord(orderId, saying.text, saying.extra)
    case 'chat': return encodeWord(orderId, saying.text, {})
  }
}

const withNotices = ({ text, reserve, rezoned = '' }: Extract<Saying, { readonly say: 'request' }>): string => [text, rezoned, reserve?.text ?? ''].filter(line => line !== '').join('\n')

/** Whole sat: Gamma's `amount` knows no smaller unit. */
const satOf = (msat: number | null): number => msat === null ? Number.NaN : Math.ceil(msat / 1000)

function gamma(about: About, saying: Saying): readonly Template[] {
  const { orderId, shopper, merchant, items } = about
  const status = (to: Pubkey, word: Parameters<typeof encodeGammaStatus>[0]['status'], text: string): Template => ok(encodeGammaStatus({ orderId, to, status: word, text }))
  switch (saying.say) {
    case 'order': return [encodeGammaOrder({ ...saying, orderId, merchant, items, shipping: saying.zoneId.startsWith('30406:') ? saying.zoneId : '', sat: satOf(saying.msat) })]
    case 'request': return [encodeGammaRequest({ orderId, shopper, sat: satOf(saying.msat), options: saying.options, text: saying.text, ...(saying.expiresAt !== null && { deadline: saying.expiresAt }) }),
      // Letters of their own: readers of this kind refuse a tag that they do not know.
      ...saying.reserve === undefined ? [] : [ours(about, shopper, saying.reserve.text, { hold: { state: 'asked', hash: saying.reserve.hash } })],
      ...saying.rezoned === undefined ? [] : [ours(about, shopper, saying.rezoned, { rezoned: saying.zoneId })]]
    case 'refusal': return [status(shopper, 'cancelled', saying.text)]
    case 'status':
      switch (saying.change) {
        case 'paid': return [status(shopper, 'confirmed', saying.text)]
        // Plebeian shows 'shipped' only together with 'processing'.
        case 'shipped': return [status(shopper, 'processing', ''), ok(encodeGammaShipping({ orderId, shopper, status: 'shipped', tracking: saying.tracking ?? {}, text: saying.text }))]
        case 'unshipped': return [ours(about, shopper, saying.text, { shipped: false })]
      }
      break
    case 'receipt': return [encodeGammaReceipt({ ...saying, orderId, merchant, sat: satOf(saying.msat) })]
    case 'word': return [gammaWord(about, saying.by, saying.text, saying.extra)]
    case 'chat': return [ok(encodeGammaChat({ to: other(about, saying.by), orderId, text: saying.text }))]
  }
}

/** Between our own clients: words beside a tag that nobody else reads. */
const ours = (about: About, to: Pubkey, text: string, extra: ExtraStatus): Template => {
  const chat = encodeGammaChat({ to, orderId: about.orderId, text })
  return ok({ ...chat, tags: [...chat.tags, soukTag(about.orderId, extra)] })
}

function gammaWord(about: About, by: Pubkey, text: string, extra: ExtraStatus): Template {
  const to = other(about, by)
  const { orderId } = about
  if (extra.cancelled)
    return ok(encodeGammaStatus({ orderId, to, status: 'cancelled', text }))
  switch (extra.word) {
    case 'processing': return ok(encodeGammaStatus({ orderId, to, status: 'processing', text }))
    case 'completed': return ok(encodeGammaStatus({ orderId, to, status: 'completed', text }))
    // The shopper's 'received' is 'completed' there; where the parcel is, only the merchant may say.
    case 'delivered': return ok(by === about.shopper ? encodeGammaStatus({ orderId, to, status: 'completed', text }) : encodeGammaShipping({ orderId, shopper: about.shopper, status: 'delivered', tracking: {}, text }))
    case 'exception': return ok(encodeGammaShipping({ orderId, shopper: about.shopper, status: 'exception', tracking: {}, text }))
    default: return ours(about, to, text, extra)
  }
}

/** Words for Shopstr; what they mean, and for which order, for our own devices on either side. */
const inShopstrChat = ({ orderId }: About, to: Pubkey, text: string, said: Parameters<typeof soukTag>[1]): Template => {
  const chat = encodeShopstrChat({ to, text })
  return ok({ ...chat, tags: [...chat.tags, soukTag(orderId, said)] })
}

function askedFor({ options, pin, zoneId, msat, reserve }: Extract<Saying, { readonly say: 'request' }>): Parameters<typeof soukTag>[1] {
  const invoice = options.find(({ type }) => type === 'ln')?.link
  const others = options.filter(({ link }) => link !== invoice).map(wireOption)
  return {
    ...(invoice !== undefined && { invoice }),
    ...((invoice === undefined || others.length > 0) && { options: others }),
    ...(invoice === undefined && { msat }),
    pin,
    ...(zoneId !== '' && { zoneId }),
    ...(reserve !== undefined && { reserve: true as const }),
  }
}

function shopstr(about: About, saying: Saying): readonly Template[] {
  const { orderId, shopper, merchant, items } = about
  if (saying.say === 'order')
    return encodeShopstrOrders({ ...saying, orderId, shopper, merchant, items, sat: satOf(saying.msat) })
  return [shopstrWord(about, saying)]
}

function shopstrWord(about: About, saying: Exclude<Saying, { readonly say: 'order' }>): Template {
  const { orderId, shopper, merchant, items } = about
  switch (saying.say) {
    // Type 2 means 'I have paid' there: an invoice goes as words.
    case 'request': return inShopstrChat(about, shopper, [withNotices(saying), ...saying.options.map(({ type, label, link }) => type === 'ln' ? link : `${label}: ${link}`)].filter(line => line !== '').join('\n'), askedFor(saying))
    case 'refusal': return inShopstrChat(about, shopper, saying.text, { cancelled: true })
    case 'status':
      switch (saying.change) {
        case 'shipped': return encodeShopstrShipped({ orderId, shopper, merchant, items, tracking: saying.tracking ?? {}, text: saying.text })
        case 'paid': return inShopstrChat(about, shopper, saying.text, { saidPaid: true })
        case 'unshipped': return inShopstrChat(about, shopper, saying.text, { shipped: false })
      }
      break
    case 'receipt': return encodeShopstrReceipt({ ...saying, orderId, shopper, merchant, items, sat: satOf(saying.msat) })
    case 'word': return saying.extra.word === 'completed' && saying.by === merchant
      ? encodeShopstrCompleted({ orderId, shopper, merchant, items, text: saying.text })
      : inShopstrChat(about, other(about, saying.by), saying.text, saying.extra)
    case 'chat': return inShopstrChat(about, other(about, saying.by), saying.text, {})
  }
}
