import type { PaymentOption, PaymentOptionType } from '../order/types'

const KNOWN: ReadonlySet<string> = new Set<PaymentOptionType>(['ln', 'lnurl', 'btc', 'url', 'cashu'])
const isKnown = (type: string): type is PaymentOptionType => KNOWN.has(type)

export interface WireOption { readonly type: string, readonly link: string }

/** One of a request's `payment_options` (nip15.md §8); what it is named by stays with it. */
export const readOption = ({ type, link }: WireOption): PaymentOption => ({ type: isKnown(type) ? type : 'other', label: type, link })
export const wireOption = ({ type, label, link }: PaymentOption): WireOption => ({ type: type === 'other' ? label : type, link })

/** The words that told people of these options, without what is shown beside them. */
export const withoutOptions = (text: string, options: readonly WireOption[]): string =>
  text.split('\n').filter(line => !options.some(({ link }) => link !== '' && line.endsWith(`: ${link}`))).join('\n').trim()
