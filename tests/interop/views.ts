/** Domain objects in the words of the fixture format: prices as decimal text, msat as integer text, missing as '' or null. */
import type { Address } from '../../src/domain/brand'
import { isOrderable, stallOf } from '../../src/domain/catalog/product'
import type { Market, Product, Stall } from '../../src/domain/catalog/types'
import type { Network } from '../../src/domain/invoice/types'
import { moneyText } from '../../src/domain/money/fiat'
import type { PlacedMessage, RequestMessage, StatusMessage, WireMessage } from '../../src/domain/order/types'
import { amountBand } from '../../src/domain/order/amount-band'
import { orderKey } from '../../src/domain/order/keys'
import { payableOptions, type OptionContext } from './payable-option'

const currencyText = (code: string): string => code === 'SAT' ? 'sat' : code
const NETWORK_WORDS: Readonly<Record<Network, string>> = { mainnet: 'bitcoin', testnet: 'testnet', signet: 'signet', regtest: 'regtest', simnet: 'simnet' }

export const stallView = (stall: Stall) => ({
  author: stall.author,
  address: stall.address,
  id: stall.id,
  name: stall.name,
  description: stall.description,
  currency: currencyText(stall.currency),
  zones: stall.zones.map(({ id, name, cost, countries }) => ({ id, name, cost: moneyText(cost), countries })),
})

export const productView = (product: Product, stalls: ReadonlyMap<Address, Stall>) => ({
  author: product.author,
  address: product.address,
  id: product.id,
  stallId: product.stallId,
  stallOf: stallOf(product, stalls)?.address ?? null,
  name: product.name,
  description: product.description,
  images: product.images,
  currency: currencyText(product.currency),
  price: product.price === null ? null : moneyText(product.price),
  stock: product.stock,
  active: product.active,
  orderable: isOrderable(product),
  categories: product.categories,
  specs: product.specs,
  zoneExtras: Object.fromEntries([...product.zoneExtras].map(([zone, cost]) => [zone, moneyText(cost)])),
})

export const marketView = ({ address, author, name, merchants }: Market) => ({ address, author, name, merchants })

/** Whatever a wire message became. */
export function messageView(message: WireMessage, context: OptionContext): Readonly<Record<string, unknown>> {
  const envelope = { author: message.author, receiver: message.receiver, sentAt: message.sentAt, order: message.orderId ?? '' }
  switch (message.type) {
    case 'order': return { ...envelope, ...orderView(message) }
    case 'payment-request': return { ...envelope, ...requestView(message, context) }
    case 'refusal': return { ...envelope, text: message.text }
    case 'status': return { ...envelope, ...statusView(message) }
    default: return { ...envelope, ...message }
  }
}

const orderView = ({ author, receiver, orderId, items, zoneId, name, address, contact, shopperMessage }: PlacedMessage) =>
  ({ key: orderKey(author, receiver, orderId), id: orderId, shopper: author, merchant: receiver, items, zoneId, name, address, contact, shopperMessage })

function requestView(request: RequestMessage, context: OptionContext) {
  const { text } = request
  const read = payableOptions(request, context)
  const amounts = read.flatMap(({ invoice }) => invoice?.amount ?? [])
  return {
    text,
    amountMatches: amounts.length > 0 && amounts.every(asked => ['within', 'below'].includes(amountBand(asked, context.totals, []))),
    options: read.map(({ option, payable, problem, invoice }) => ({
      type: option.type,
      link: option.link,
      payable,
      problem,
      msat: invoice?.amount === undefined || invoice.amount === null ? null : String(invoice.amount),
      paymentHash: invoice?.paymentHash ?? null,
      expiresAt: invoice?.expiresAt ?? null,
      network: invoice === null ? null : NETWORK_WORDS[invoice.network],
    })),
  }
}

const statusView = ({ saidPaid, shipped, word, cancelled, dispute, tracking, text, takesBackPaid }: StatusMessage) =>
  ({ saidPaid: saidPaid ?? false, shipped: shipped ?? null, word: word ?? null, cancelled: cancelled ?? false, dispute: dispute ?? null, tracking: tracking ?? null, takesBackPaid: takesBackPaid ?? false, text })
