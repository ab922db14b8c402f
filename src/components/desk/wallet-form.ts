import { readPaymentText } from '../../domain/invoice/uri'

/** What can be said about typed wallet settings before any wallet is asked. */
export type FieldProblem = 'urlBad' | 'urlInsecure' | 'urlOnion' | 'keyBad' | 'nwcBad' | 'addressBad'

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

/** @param pageIsSecure a page on https can call no address on http (payments.md §3.7). */
export function urlProblem(text: string, pageIsSecure: boolean): FieldProblem | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    return 'urlBad'
  if (url.hostname.endsWith('.onion'))
    return 'urlOnion'
  return url.protocol === 'http:' && !isLoopback(url.hostname) && pageIsSecure ? 'urlInsecure' : null
}

export const keyProblem = (text: string): FieldProblem | null => /^[0-9a-f]{32}$/i.test(text.trim()) ? null : 'keyBad'

export const nwcProblem = (text: string): FieldProblem | null => /^(nostr\+walletconnect|nostrwalletconnect):(\/\/)?[0-9a-f]{64}\?\S+$/i.test(text.trim()) ? null : 'nwcBad'

/** `name@host`, the sandbox's `name@127.0.0.1:port`, or an LNURL; whether anybody answers there is seen when it is asked. */
export function addressProblem(text: string): FieldProblem | null {
  const typed = text.trim()
  return /^[a-z0-9_.+-]{1,64}@[a-z0-9.-]+(:\d{1,5})?$/i.test(typed) || readPaymentText(typed).kind === 'lnurl' ? null : 'addressBad'
}
