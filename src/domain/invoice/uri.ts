import { bech32 } from '@scure/base'
import { utf8Of } from './bolt11-fields'

/** What a pasted or scanned payment text is. Nothing here is checked beyond its form. */
export type PaymentText =
  | { readonly kind: 'bolt11', readonly bolt11: string }
  /** `amountSat` null = none named. The address may be missing in a unified code. */
  | { readonly kind: 'bip21', readonly address: string | null, readonly amountSat: number | null, readonly bolt11: string | null }
  | { readonly kind: 'lightning_address' | 'lnurl', readonly url: string }
  | { readonly kind: 'bolt12_offer' }
  | { readonly kind: 'error', readonly code: 'not_a_payment' | 'unsupported_required_parameter' | 'bad_amount' }

const NOT_A_PAYMENT: PaymentText = { kind: 'error', code: 'not_a_payment' }
const LONGEST = 8_192

/** Invoices, LNURL, Lightning addresses, BOLT12 offers and `bitcoin:` links (payments.md §5). */
export function readPaymentText(input: string): PaymentText {
  const text = input.trim()
  if (text.length > LONGEST)
    return NOT_A_PAYMENT
  if (/^bitcoin:/i.test(text))
    return readBitcoin(text.slice('bitcoin:'.length).replace(/^\/\//, ''))
  const keyed = /^(?:lnurlp|lnurl):\/\/(\S+)$/i.exec(text)?.[1]
  if (keyed !== undefined)
    return webAddress(keyed)
  const bare = text.replace(/^lightning:(?:\/\/)?/i, '')
  if (/^lnurl1/i.test(bare))
    return readLnurl(bare.toLowerCase())
  if (/^lno1/i.test(bare))
    return { kind: 'bolt12_offer' }
  const address = /^([a-z0-9_.+-]+)@([a-z0-9.-]+\.[a-z0-9-]+)$/.exec(bare.toLowerCase())
  if (address !== null)
    return { kind: 'lightning_address', url: `${schemeOf(address[2] ?? '')}://${address[2]}/.well-known/lnurlp/${address[1]}` }
  return isInvoice(bare) ? { kind: 'bolt11', bolt11: bare.toLowerCase() } : NOT_A_PAYMENT
}

const isInvoice = (text: string): boolean => /^ln(?:bcrt|tbs|bc|tb|sb)\d*[munp]?1[02-9ac-hj-np-z]+$/i.test(text)
/** A hidden service has its own encryption, and no certificate. */
const schemeOf = (host: string): string => (/\.onion$/i.test(host) ? 'http' : 'https')

function webAddress(rest: string): PaymentText {
  const host = /^([a-z0-9.-]+\.[a-z0-9-]+)(?::\d{1,5})?(?:[/?]|$)/i.exec(rest)?.[1]
  return host === undefined ? NOT_A_PAYMENT : { kind: 'lnurl', url: `${schemeOf(host)}://${rest}` }
}

function readLnurl(text: string): PaymentText {
  const decoded = bech32.decodeUnsafe(text, false)
  const bytes = decoded === undefined ? undefined : bech32.fromWordsUnsafe(decoded.words)
  const url = bytes ? utf8Of(Uint8Array.from(bytes)) : undefined
  return url !== undefined && /^https:\/\/\S+$|^http:\/\/[a-z0-9.-]+\.onion\S*$/i.test(url) ? { kind: 'lnurl', url } : NOT_A_PAYMENT
}

/** BIP21 and BIP321: an unknown `req-` parameter forbids paying. */
function readBitcoin(rest: string): PaymentText {
  const [where = '', query = ''] = rest.split('?', 2)
  const parameters = query.split('&').filter(pair => pair !== '').map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [pair.toLowerCase(), ''] as const : [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)] as const
  })
  if (parameters.some(([name]) => name.startsWith('req-')))
    return { kind: 'error', code: 'unsupported_required_parameter' }
  const value = (name: string): string | undefined => parameters.find(([key]) => key === name)?.[1]
  const amount = value('amount')
  const amountSat = amount === undefined ? null : satOf(amount)
  if (amountSat === undefined)
    return { kind: 'error', code: 'bad_amount' }
  const lightning = value('lightning') ?? ''
  const address = /^[a-z0-9]{20,100}$/i.test(where) ? where : null
  const bolt11 = isInvoice(lightning) ? lightning.toLowerCase() : null
  return address === null && bolt11 === null ? NOT_A_PAYMENT : { kind: 'bip21', address: address === null ? null : lowerBech32(address), amountSat, bolt11 }
}

const lowerBech32 = (address: string): string => (/^(?:BC|TB|BCRT)1[A-Z0-9]+$/.test(address) ? address.toLowerCase() : address)

/** Decimal BTC text, eight decimals at most; undefined for anything else. */
function satOf(text: string): number | undefined {
  const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(text)
  return match === null ? undefined : Number((match[1] ?? '0') + (match[2] ?? '').padEnd(8, '0'))
}
