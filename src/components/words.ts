import words from '../locales/en.json'

export { words }

export interface Plural { readonly one: string, readonly other: string }
type Values = Readonly<Record<string, string | number>>

const plural = new Intl.PluralRules('en')

/** A sentence with its `{holes}` filled; a hole without a value stays visible, so that it is noticed. */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
}

/** The sentence for `n` pieces, with `{n}` filled and grouped. */
export function fillCount(sentences: Plural, n: number, values: Values = {}): string {
  return fill(plural.select(n) === 'one' ? sentences.one : sentences.other, { ...values, n: n.toLocaleString('en') })
}
