import * as v from 'valibot'
import { toMsat, type Msat } from '../domain/brand'
import { decodeInvoice } from '../domain/invoice/bolt11'
import { checkInvoice, provesPayment } from '../domain/invoice/check'
import type { Network } from '../domain/invoice/types'
import { readPaymentText } from '../domain/invoice/uri'
import { withoutUnseen } from '../domain/protocol/shown-text'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { AddressInvoice, AddressPayment, PayAddress, PayAddressError, PayAddressErrorCode } from '../ports/pay-address'
import { askJson, askJsonFrom, type Fetch, type HttpError } from './http'

export interface LnurlNeeds {
  readonly network: Network
  readonly clock: Pick<Clock, 'now'>
  /** Services on this machine without TLS: the sandbox's, and none in a real shop. */
  readonly loopback: boolean
  readonly fetch?: Fetch
}

/** Metadata may hold a picture of some 136 kB (LUD-06); an invoice's answer is small. */
const MOST_PARAMETERS = 256 * 1024
const MOST_ANSWER = 32 * 1024
const LONGEST_REASON = 200

const Refusal = v.object({ status: v.pipe(v.string(), v.regex(/^error$/i)), reason: v.optional(v.string(), '') })
/** Some name a most beyond what a number holds exactly: no order comes near it. */
const Bound = v.pipe(v.number(), v.minValue(0), v.transform(msat => toMsat(Math.min(Math.floor(msat), Number.MAX_SAFE_INTEGER))))
const Parameters = v.object({
  tag: v.literal('payRequest'),
  callback: v.pipe(v.string(), v.maxLength(2_048)),
  minSendable: Bound,
  maxSendable: Bound,
  metadata: v.string(),
  commentAllowed: v.fallback(v.nullish(v.number(), 0), 0),
})
const Invoice = v.object({ pr: v.pipe(v.string(), v.maxLength(8_192)), verify: v.nullish(v.pipe(v.string(), v.maxLength(2_048)), null) })
const Verified = v.object({ settled: v.boolean(), preimage: v.nullish(v.string(), null), pr: v.nullish(v.string(), null) })

const fail = (code: PayAddressErrorCode, detail = '', limit?: Msat): Result<never, PayAddressError> => err({ code, detail, ...(limit !== undefined && { limit }) })

/** What an address takes for one invoice, and who answers for it. */
export interface AddressTerms { readonly host: string, readonly least: Msat, readonly most: Msat }
export interface LnurlPay extends PayAddress { terms(address: string, signal?: AbortSignal): Promise<Result<AddressTerms, PayAddressError>> }

/** LNURL-pay over the page's own `fetch`: no proxy learns who is paid. */
export function openPayAddress({ network, clock, loopback, fetch: fetcher }: LnurlNeeds): LnurlPay {
  async function parameters(address: string, signal?: AbortSignal) {
    const target = targetOf(address, loopback)
    if (target === null)
      return fail('bad_address')
    const found = await askJsonFrom({ url: target, schema: v.union([Refusal, Parameters]), signal, maxBytes: MOST_PARAMETERS }, fetcher)
    if (!found.ok)
      return fromHttp(found.error)
    const { value, url } = found.value
    if ('status' in value)
      return fail('refused', shown(value.reason))
    // A static page may hand an address on to its wallet's service; that one must be as safe, and is named on the panel.
    const answered = safeUrl(url, loopback)
    if (answered === null)
      return fail('unsafe_link', url.slice(0, LONGEST_REASON))
    const callback = safeUrl(value.callback, loopback)
    if (callback === null)
      return fail('unsafe_link', value.callback.slice(0, LONGEST_REASON))
    return ok({ value, answered, callback })
  }

  return {
    async terms(address, signal) {
      const found = await parameters(address, signal)
      return found.ok ? ok({ host: found.value.answered.host, least: found.value.value.minSendable, most: found.value.value.maxSendable }) : found
    },
    async invoice(address, msat, signal, comment = '') {
      const found = await parameters(address, signal)
      if (!found.ok)
        return found
      const { value, answered, callback } = found.value
      if (msat < value.minSendable)
        return fail('too_little', '', value.minSendable)
      if (msat > value.maxSendable)
        return fail('too_much', '', value.maxSendable)
      // What the callback carries already is part of it.
      callback.searchParams.set('amount', String(msat))
      if (comment !== '' && comment.length <= value.commentAllowed)
        callback.searchParams.set('comment', comment)
      const made = await askJson({ url: callback.href, schema: v.union([Refusal, Invoice]), signal, maxBytes: MOST_ANSWER, redirect: 'error' }, fetcher)
      if (!made.ok)
        return fromHttp(made.error)
      if ('status' in made.value)
        return fail('refused', shown(made.value.reason))
      const checked = checkMade(made.value.pr, { msat, network, now: clock.now(), metadata: value.metadata })
      const verify = safeUrl(made.value.verify ?? '', loopback)
      return checked.ok ? ok({ ...checked.value, host: answered.host, verify: verify?.href ?? null }) : checked
    },

    async verify({ bolt11, paymentHash, verify }, signal): Promise<AddressPayment> {
      const url = safeUrl(verify, loopback)
      if (url === null)
        return { status: 'unknown', reason: 'unsafe_link' }
      const asked = await askJson({ url: url.href, schema: v.union([Refusal, Verified]), signal, maxBytes: MOST_ANSWER, redirect: 'error' }, fetcher)
      if (!asked.ok)
        return { status: 'unknown', reason: asked.error.code }
      const { value } = asked
      if (!('settled' in value))
        return { status: 'unknown', reason: shown(value.reason) }
      // An answer about another invoice is none.
      if (value.pr !== null && value.pr.toLowerCase() !== bolt11.toLowerCase())
        return { status: 'unknown', reason: 'other invoice' }
      const preimage = value.preimage?.toLowerCase() ?? ''
      const proof = provesPayment(preimage, paymentHash)
      if (!value.settled)
        return { status: 'pending' }
      return { status: 'settled', preimage: proof ? preimage as typeof paymentHash : null }
    },
  }
}

/** Where to ask first; null: not an address, or one that may not be asked from here. */
function targetOf(address: string, loopback: boolean): string | null {
  const text = address.trim()
  const local = /^([a-z0-9_.+-]{1,64})@((?:127\.0\.0\.1|localhost):\d{1,5})$/i.exec(text)
  if (local !== null)
    return loopback ? `http://${local[2]}/.well-known/lnurlp/${local[1]?.toLowerCase()}` : null
  const withPort = /^([a-z0-9_.+-]{1,64})@([a-z0-9.-]+\.[a-z0-9-]+:\d{1,5})$/i.exec(text)
  if (withPort !== null)
    return safeUrl(`https://${withPort[2]}/.well-known/lnurlp/${withPort[1]}`.toLowerCase(), loopback)?.href ?? null
  const read = readPaymentText(text)
  return read.kind === 'lightning_address' || read.kind === 'lnurl' ? safeUrl(read.url, loopback)?.href ?? null : null
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]|0\.0\.0\.0)$/

/** Encrypted on the way, without a name and password in it, and no machine of the shopper's own unless in the sandbox. */
function safeUrl(text: string, loopback: boolean): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.username !== '' || url.password !== '')
    return null
  if (LOOPBACK.test(url.hostname))
    return loopback && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname.endsWith('.onion')) ? url : null
}

interface Wanted { readonly msat: Msat, readonly network: Network, readonly now: ReturnType<Clock['now']>, readonly metadata: string }

/** As strictly as a merchant's invoice: nothing is kept that could not be paid for this order (payments.md §6.3). */
function checkMade(pr: string, { msat, network, now, metadata }: Wanted): Result<Omit<AddressInvoice, 'host' | 'verify'>, PayAddressError> {
  const read = decodeInvoice(pr)
  if (!read.ok)
    return fail('bad_invoice', read.error.code)
  const invoice = read.value
  const codes = checkInvoice(invoice, { now, network, agreed: msat, descriptionSource: metadata })
  if (codes.includes('wrong_network'))
    return fail('wrong_network', invoice.network)
  if (codes.includes('amount_missing') || codes.includes('amount_mismatch'))
    return fail('wrong_amount', String(invoice.amount ?? ''))
  if (codes.includes('expired'))
    return fail('expired')
  // Several services send plain text in place of the hash of their own description: that alone is no lie.
  if (codes.includes('description_hash_mismatch'))
    return fail('other_description')
  return ok({ bolt11: invoice.bolt11, paymentHash: invoice.paymentHash, msat: toMsat(msat), expiresAt: invoice.expiresAt })
}

function fromHttp(error: HttpError): Result<never, PayAddressError> {
  switch (error.code) {
    case 'timeout':
    case 'unreachable':
      return fail(error.code)
    case 'aborted':
      return fail('timeout', 'aborted')
    case 'status': {
      const said = v.safeParse(Refusal, error.body)
      return said.success ? fail('refused', shown(said.output.reason)) : fail('not_lnurl', String(error.status))
    }
    case 'too-large':
    case 'not-json':
    case 'shape':
      return fail('not_lnurl', error.code)
  }
}

const shown = (reason: string): string => withoutUnseen(reason).trim().slice(0, LONGEST_REASON)
