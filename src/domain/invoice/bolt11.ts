import { bech32 } from '@scure/base'
import { decode } from 'light-bolt11-decoder'
import { isHex32, isMsat, isSeconds, toSeconds, type Msat, type Seconds } from '../brand'
import { err, ok, type Result } from '../result'
import { bytesOf, numberOf, readFields, utf8Of, wordsOf, type Fields } from './bolt11-fields'
import { readPayee } from './bolt11-payee'
import type { DecodedInvoice, InvoiceErrorCode, Network } from './types'

const NETWORKS: ReadonlyMap<string, Network> = new Map([['bc', 'mainnet'], ['tb', 'testnet'], ['tbs', 'signet'], ['bcrt', 'regtest'], ['sb', 'simnet']])
/** Other things that begin with `ln`: LNURL and BOLT12. */
const OTHER = /^(?:lnurl1|lno1|lni1|lnr1)/
const LONGEST = 8_192
const TIMESTAMP_WORDS = 7
const SIGNATURE_WORDS = 104
const CHECKSUM_WORDS = 6
/** 21 million BTC. */
const ALL_MSAT = 2_100_000_000_000_000_000n
/** Tenths of a millisatoshi per unit: `p` is smaller than one msat. */
const TENTHS: Readonly<Record<string, bigint>> = { '': 1_000_000_000_000n, 'm': 1_000_000_000n, 'u': 1_000_000n, 'n': 1_000n, 'p': 1n }
/** Even feature bits that a payer of ours need not fear (BOLT9). */
const KNOWN_FEATURES: ReadonlySet<number> = new Set([8, 14, 16, 24, 36, 48, 56, 148])

export interface InvoiceError { readonly code: InvoiceErrorCode }
const fail = (code: InvoiceErrorCode) => err<InvoiceError>({ code })

/**
 * Strict reading of a BOLT11 text, with or without `lightning:` (payments.md §6.2): what the library leaves out, that is
 * required fields, field lengths, UTF-8, signature and features, is checked here. Some 3 ms: the signature costs most.
 * A good signature does not say that the merchant made it; the encrypted message it came in does.
 */
export function decodeInvoice(text: string): Result<DecodedInvoice, InvoiceError> {
  const bare = text.trim().replace(/^lightning:(?:\/\/)?/i, '').trim()
  if (bare.length > LONGEST || !/^ln/i.test(bare) || !bare.includes('1') || OTHER.test(bare.toLowerCase()))
    return fail('not_an_invoice')
  if (bare !== bare.toLowerCase() && bare !== bare.toUpperCase())
    return fail('mixed_case')
  return decodeLower(bare.toLowerCase())
}

function decodeLower(bolt11: string): Result<DecodedInvoice, InvoiceError> {
  const separator = bolt11.lastIndexOf('1')
  const prefix = bolt11.slice(0, separator)
  const words = wordsOf(bolt11.slice(separator + 1))
  if (words === undefined)
    return fail('bad_character')
  if (bech32.decodeUnsafe(bolt11, false) === undefined)
    return fail('bad_checksum')
  const head = /^ln(bcrt|tbs|bc|tb|sb)(\d.*)?$/.exec(prefix)
  const network = NETWORKS.get(head?.[1] ?? '')
  if (network === undefined)
    return fail('unknown_network')
  const amount = readAmount(head?.[2])
  if (!amount.ok)
    return amount
  const data = words.slice(0, -CHECKSUM_WORDS)
  if (data.length < TIMESTAMP_WORDS + SIGNATURE_WORDS)
    return fail('too_short')
  const fields = readFields(data.slice(TIMESTAMP_WORDS, -SIGNATURE_WORDS))
  if (fields === undefined)
    return fail('truncated_field')
  return assemble({ bolt11, prefix, network, amount: amount.value, data, fields })
}

interface Parts {
  readonly bolt11: string
  readonly prefix: string
  readonly network: Network
  readonly amount: Msat | null
  readonly data: readonly number[]
  readonly fields: Fields
}

function assemble({ bolt11, prefix, network, amount, data, fields }: Parts): Result<DecodedInvoice, InvoiceError> {
  const texts = readTexts(fields)
  if (!texts.ok)
    return texts
  if ([fields.first('x'), fields.first('c'), fields.first('9')].some(words => words?.[0] === 0))
    return fail('non_minimal_field')
  const payee = readPayee(prefix, data, fields.ofLength('n', 53))
  if (payee === undefined)
    return fail('bad_signature')
  const featureBits = bitsOf(fields.first('9') ?? [])
  if (featureBits.some(bit => bit % 2 === 0 && !KNOWN_FEATURES.has(bit)))
    return fail('unknown_required_feature')
  if (!libraryAgrees(bolt11, amount, texts.value.paymentHash))
    return fail('not_an_invoice')

  const createdAt = numberOf(data.slice(0, TIMESTAMP_WORDS))
  const expirySeconds = numberOf(fields.first('x') ?? [3, 16, 16])
  const expiresAt = latest(createdAt + expirySeconds)
  return ok({
    bolt11,
    network,
    amount,
    createdAt: latest(createdAt),
    expirySeconds,
    expiresAt,
    ...texts.value,
    payee: payee.key,
    payeeInInvoice: payee.named,
    minFinalCltvExpiryDelta: numberOf(fields.first('c') ?? [18]),
    featureBits,
  })
}

/** Times beyond what a brand holds (the year 2106) stand at its end: such an invoice does not expire for us. */
const LAST_SECOND = toSeconds(2 ** 32)
const latest = (at: number): Seconds => (isSeconds(at) ? at : LAST_SECOND)

type Texts = Pick<DecodedInvoice, 'paymentHash' | 'paymentSecret' | 'description' | 'descriptionHash'>

function readTexts(fields: Fields): Result<Texts, InvoiceError> {
  const paymentHash = fields.hex32('p')
  if (!isHex32(paymentHash))
    return fail(fields.first('p') === undefined ? 'missing_payment_hash' : 'bad_field_length')
  const paymentSecret = fields.hex32('s')
  if (!isHex32(paymentSecret))
    return fail(fields.first('s') === undefined ? 'missing_payment_secret' : 'bad_field_length')
  const hash = fields.hex32('h')
  const descriptionHash = isHex32(hash) ? hash : null
  const words = fields.first('d')
  if (words === undefined && descriptionHash === null)
    return fail('missing_description')
  if (words !== undefined && descriptionHash !== null)
    return fail('both_descriptions')
  const description = words === undefined ? null : utf8Of(bytesOf(words))
  return description === undefined ? fail('bad_description') : ok({ paymentHash, paymentSecret, description, descriptionHash })
}

/** Absent = no amount. Tenths of a msat that are left over cannot be paid. */
function readAmount(text: string | undefined): Result<Msat | null, InvoiceError> {
  if (text === undefined)
    return ok(null)
  const match = /^([1-9]\d{0,18})([munp]?)$/.exec(text)
  if (match === null)
    return fail('bad_amount')
  const tenths = BigInt(match[1] ?? '0') * (TENTHS[match[2] ?? ''] ?? 0n)
  if (tenths % 10n !== 0n)
    return fail('sub_msat_amount')
  const msat = Number(tenths / 10n)
  return tenths / 10n <= ALL_MSAT && isMsat(msat) ? ok(msat) : fail('bad_amount')
}

/** Set bits, counted from the end of the field. */
function bitsOf(words: readonly number[]): readonly number[] {
  return words.toReversed().flatMap((word, place) => [0, 1, 2, 3, 4].filter(bit => word & (1 << bit)).map(bit => place * 5 + bit))
}

/** Two readers of one text must read the same: what they differ on is not paid. */
function libraryAgrees(bolt11: string, amount: Msat | null, paymentHash: string): boolean {
  try {
    const { sections } = decode(bolt11)
    const asked = sections.find(section => section.name === 'amount')
    const hashes = sections.flatMap(section => section.name === 'payment_hash' ? [section.value] : [])
    return (asked === undefined ? null : Number(asked.value)) === amount && hashes.includes(paymentHash)
  }
  catch {
    // The library throws on fields that a reader should skip: our own reading stands then.
    return true
  }
}
