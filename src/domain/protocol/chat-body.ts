import { base64urlnopad } from '@scure/base'
import { field, isRecord, parseJson } from './json'
import { limits } from '../limits'

/**
 * What stands in a message between people: words, or something that one program wrote for another, which is no reading
 * matter (nip15.md §6: whatever has no type that we know is chat).
 */
export function isForPrograms(text: string): boolean {
  const trimmed = text.trim()
  if (!/^[{[]/.test(trimmed))
    return false
  const json = parseJson(trimmed, limits.messageContent)
  // Nested deeper than anybody writes by hand.
  return json.ok ? isRecord(json.value) || Array.isArray(json.value) : json.error.code === 'limit'
}

const MOST_PROOFS = 1_000

/**
 * What a Cashu token says that it is worth, in its own unit (NUT-00, version A). Only its mint knows whether it still is. null: not
 * to be told from the text.
 */
export function cashuWorth(token: string): { readonly amount: number, readonly unit: string, readonly mint: string } | null {
  if (!token.startsWith('cashuA') || token.length > limits.messageContent)
    return null
  const json = parseJson(decoded(token.slice(6)))
  if (!json.ok || !isRecord(json.value))
    return null
  const entries = field(json.value, 'token')
  const unit = field(json.value, 'unit')
  if (!Array.isArray(entries) || entries.length === 0)
    return null
  const records = entries.slice(0, MOST_PROOFS).filter(isRecord)
  const amounts = records.flatMap((entry) => {
    const proofs = field(entry, 'proofs')
    return Array.isArray(proofs) ? proofs.slice(0, MOST_PROOFS).map(proof => isRecord(proof) ? field(proof, 'amount') : null) : [null]
  })
  const amount = amounts.reduce<number>((sum, one) => typeof one === 'number' && Number.isSafeInteger(one) && one > 0 ? sum + one : Number.NaN, 0)
  const mint = records[0] === undefined ? undefined : field(records[0], 'mint')
  return Number.isSafeInteger(amount) && amount > 0
    ? { amount, unit: typeof unit === 'string' && /^[a-z]{1,8}$/i.test(unit) ? unit : 'sat', mint: typeof mint === 'string' ? mint.slice(0, limits.nameShown) : '' }
    : null
}

function decoded(text: string): string {
  try {
    return new TextDecoder().decode(base64urlnopad.decode(text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')))
  }
  catch {
    // Not base64 at all: nothing to tell.
    return ''
  }
}
