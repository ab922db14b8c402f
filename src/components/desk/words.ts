import words from '../../locales/desk.en.json'
import byHand from '../../locales/by-hand.en.json'
import { failureCode } from '../../domain/order/answer-rules'
import { fill, wordOf } from '../order/words'

export { words }

/** A sentence for whatever code a desk action failed with; nothing was sent unless the sentence says so. */
export function deskErrorText(error: { readonly code: string, readonly detail?: string }): string {
  return fill(wordOf({ ...byHand.sheet.problems, ...byHand.errors, ...words.errors }, failureCode(error), words.errors.other), { code: error.code, detail: error.detail ?? '' })
}
