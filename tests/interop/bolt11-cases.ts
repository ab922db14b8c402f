/** The invoice file: texts to decode, checks in a context, payment texts to recognise. */
import { isHex32, toSeconds } from '../../src/domain/brand'
import { decodeInvoice } from '../../src/domain/invoice/bolt11'
import { checkInvoice, isExpired, provesPayment } from '../../src/domain/invoice/check'
import type { DecodedInvoice, Network } from '../../src/domain/invoice/types'
import { readPaymentText } from '../../src/domain/invoice/uri'
import { differences, type Difference } from './compare'
import { numberOf, recordOf, records, textOf, type Fields, type FixtureFile } from './fixture-set'
import { judged, type Verdict } from './verdict'
import { msatOf } from './world'

export interface NamedVerdict { readonly id: string, readonly verdict: Verdict }

export function invoiceVerdicts({ body }: FixtureFile): readonly NamedVerdict[] {
  const cases = records(body['cases'])
  const invoices = new Map(cases.map(one => [textOf(one['id']), textOf(one['input'])]))
  return [
    ...cases.map(one => ({ id: textOf(one['id']), verdict: judged(decoded(one, numberOf(body['now']))) })),
    ...records(body['checks']).map(one => ({ id: `check ${textOf(one['id'])}`, verdict: judged(checked(one, invoices)) })),
    ...records(body['uris']).map((one, i) => ({ id: `uri ${i + 1} ${textOf(one['input']).slice(0, 24)}`, verdict: judged(differences(one['expected'], paymentView(textOf(one['input'])))) })),
  ]
}

const invoiceView = (invoice: DecodedInvoice) => ({
  network: invoice.network,
  amount_msat: invoice.amount === null ? null : String(invoice.amount),
  timestamp: invoice.createdAt,
  expiry_seconds: invoice.expirySeconds,
  expires_at: invoice.expiresAt,
  payment_hash: invoice.paymentHash,
  payment_secret: invoice.paymentSecret,
  description: invoice.description,
  description_hash: invoice.descriptionHash,
  payee: invoice.payee,
  payee_in_invoice: invoice.payeeInInvoice,
  min_final_cltv_expiry_delta: invoice.minFinalCltvExpiryDelta,
  feature_bits: invoice.featureBits,
})

/** For the paying node alone: Souk hands it the invoice whole and keeps none of these. */
const FOR_THE_NODE: ReadonlySet<string> = new Set(['route_hints', 'fallbacks', 'metadata', 'ignored_fields'])

function decoded(one: Fields, now: number | null): readonly Difference[] {
  const result = decodeInvoice(textOf(one['input']))
  const isContested = typeof one['contested'] === 'string'
  if (one['ok'] !== true)
    return result.ok ? (isContested ? [] : [{ at: 'error', expected: one['error'], got: 'decoded' }]) : differences(one['error'], result.error.code, 'error')
  if (!result.ok)
    return isContested ? [] : [{ at: 'ok', expected: true, got: result.error.code }]
  const expected = Object.fromEntries(Object.entries(recordOf(one['expected'])).filter(([name]) => !FOR_THE_NODE.has(name)))
  const expired = now !== null && typeof one['expired_at_now'] === 'boolean' ? differences(one['expired_at_now'], isExpired(result.value, toSeconds(now)), 'expired_at_now') : []
  const proof = typeof one['preimage'] === 'string' ? differences(true, provesPayment(one['preimage'], result.value.paymentHash), 'preimage') : []
  return [...differences(expected, invoiceView(result.value), 'expected'), ...expired, ...proof]
}

const NETWORKS = ['mainnet', 'testnet', 'signet', 'regtest', 'simnet'] as const satisfies readonly Network[]

function checked(one: Fields, invoices: ReadonlyMap<string, string>): readonly Difference[] {
  const invoice = decodeInvoice(invoices.get(textOf(one['invoice'])) ?? '')
  if (!invoice.ok)
    return [{ at: 'invoice', expected: 'decodes', got: invoice.error.code }]
  const context = recordOf(one['context'])
  const agreed = msatOf(context['order_total_msat'])
  const tolerance = msatOf(context['tolerance_msat'])
  const hashes: readonly unknown[] = Array.isArray(context['known_payment_hashes']) ? context['known_payment_hashes'] : []
  const text = (name: string) => typeof context[name] === 'string' ? context[name] : undefined
  const [descriptionSource, preimage, pinnedPayee] = [text('description_source'), text('preimage'), text('pinned_payee')]
  const codes = checkInvoice(invoice.value, {
    now: toSeconds(numberOf(context['now']) ?? 0),
    network: NETWORKS.find(name => name === context['network']) ?? 'mainnet',
    knownHashes: new Set(hashes.filter(isHex32)),
    ...(agreed !== undefined && { agreed }),
    ...(tolerance !== undefined && { tolerance }),
    ...(descriptionSource !== undefined && { descriptionSource }),
    ...(preimage !== undefined && { preimage }),
    ...(pinnedPayee !== undefined && { pinnedPayee }),
  })
  const expected: readonly unknown[] = Array.isArray(one['errors']) ? one['errors'] : []
  return differences(expected.toSorted(), [...codes].sort(), 'errors')
}

function paymentView(input: string): unknown {
  const read = readPaymentText(input)
  if (read.kind !== 'bip21')
    return read
  const { kind, address, amountSat, bolt11 } = read
  return { kind, address, amount_sat: amountSat === null ? null : String(amountSat), bolt11 }
}
