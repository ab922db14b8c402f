import words from '../../locales/refunds.en.json'
import deskWords from '../../locales/desk.en.json'
import { fill, wordOf } from './words'

export { words }

const DAMAGED = new Set(['not_an_invoice', 'mixed_case', 'bad_character', 'bad_checksum', 'unknown_network', 'bad_amount', 'sub_msat_amount', 'too_short', 'truncated_field', 'bad_field_length', 'missing_payment_hash', 'missing_payment_secret', 'missing_description', 'both_descriptions', 'bad_description', 'non_minimal_field', 'bad_signature', 'unknown_required_feature'])
const ADDRESS = new Set(['bad_address', 'unreachable', 'timeout', 'not_lnurl', 'unsafe_link', 'too_little', 'too_much', 'wrong_amount', 'other_description', 'description_hash_mismatch'])

/** What went wrong with a refund, what is safe, what to do. @param amount that it is about, in words */
export function refundErrorText({ code, detail = '' }: { readonly code: string, readonly detail?: string }, amount: string): string {
  const known = DAMAGED.has(code) ? 'bad_invoice' : ADDRESS.has(code) ? 'address' : ['bad-wallet-key', 'bad-secret', 'no-relay', 'bad-relay'].includes(code) ? 'not-a-connection' : code
  return fill(wordOf(words.errors, known, wordOf(deskWords.errors, known, words.errors.other)), { amount, code, detail })
}

/** Why the last attempt failed, from its code. */
export const refundFailureText = (code: string): string => wordOf(words.failures, code, words.failures.other)

/** Whole sat as somebody writes them, with or without groups of three, in msat; null: no such amount. */
export function satInput(text: string): number | null {
  const bare = text.trim()
  return /^(?:\d{1,12}|\d{1,3}(?:[\s,.'’_]\d{3}){1,3})$/.test(bare) ? Number(bare.replace(/\D/g, '')) * 1_000 : null
}
