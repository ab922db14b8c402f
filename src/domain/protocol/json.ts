import type { Result } from '../result'
import { limits } from '../limits'
import { err, ok } from '../result'

export type JsonError = { readonly code: 'limit' | 'not-json', readonly detail: string }

/**
 * Text to a JSON value, never deeper than `limits.jsonDepth` and never longer than `maxLength` characters: depth is counted
 * on the text, before any parser recurses.
 */
export function parseJson(text: string, maxLength: number = limits.messageContent): Result<unknown, JsonError> {
  if (text.length > maxLength)
    return err({ code: 'limit', detail: 'content' })
  const shape = scan(text)
  if (shape === 'deep')
    return err({ code: 'limit', detail: 'depth' })
  try {
    return ok(JSON.parse(text) as unknown)
  }
  catch {
    return err({ code: 'not-json', detail: '' })
  }
}

function scan(text: string): 'deep' | 'fine' {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (quoted) {
      if (sign === 92)
        at += 1
      else if (sign === 34)
        quoted = false
    }
    else if (sign === 34) {
      quoted = true
    }
    else if (sign === 91 || sign === 123) {
      depth += 1
      if (depth > limits.jsonDepth)
        return 'deep'
    }
    else if (sign === 93 || sign === 125) {
      depth -= 1
    }
  }
  return 'fine'
}

/** An object with own keys, not an array: fields are then picked by name, never spread. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own field only: `constructor` and its like are nobody's data. */
export const field = (record: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined
