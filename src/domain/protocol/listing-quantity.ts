import { limits } from '../limits'
import { field, isRecord, parseJson } from './json'

/**
 * The JSON of a listing with another `quantity`, and every other letter as its client wrote it: what we do not know stays,
 * and so does what a parser would write in another way (sequence, long numbers, a key that is there twice).
 * null: it counts no pieces.
 */
export function withQuantity(content: string, quantity: number): string | null {
  const json = parseJson(content, limits.listingContent)
  const former = json.ok && isRecord(json.value) ? field(json.value, 'quantity') : undefined
  if (typeof former !== 'number' || !Number.isSafeInteger(former) || former < 0)
    return null
  let written = ''
  let from = 0
  for (const { start, end } of valuesOf(content, 'quantity')) {
    written += content.slice(from, start) + String(quantity)
    from = end
  }
  return written + content.slice(from)
}

interface Span { readonly start: number, readonly end: number }

/** Where the values of a key of the outermost object stand. @param text a JSON object that was parsed */
function valuesOf(text: string, name: string): readonly Span[] {
  const found: Span[] = []
  let depth = 0
  let key: unknown = null
  let start: number | null = null
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (sign === '"') {
      const end = endOfText(text, at)
      if (depth === 1 && start === null)
        key = JSON.parse(text.slice(at, end + 1))
      at = end
      continue
    }
    if (sign === '}' || sign === ']')
      depth -= 1
    if (depth === 1 && sign === ':' && start === null) {
      start = at + 1
    }
    else if (start !== null && ((depth === 1 && sign === ',') || depth === 0)) {
      if (key === name)
        found.push(trimmed(text, start, at))
      start = null
    }
    if (sign === '{' || sign === '[')
      depth += 1
  }
  return found
}

/** @param at of the opening quote; returns that of the closing one */
function endOfText(text: string, at: number): number {
  let end = at + 1
  while (text.charAt(end) !== '"')
    end += text.charAt(end) === '\\' ? 2 : 1
  return end
}

function trimmed(text: string, start: number, end: number): Span {
  const value = text.slice(start, end)
  return { start: start + value.length - value.trimStart().length, end: start + value.trimEnd().length }
}
