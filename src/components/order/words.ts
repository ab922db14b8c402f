import words from '../../locales/orders.en.json'

export { fill, fillCount } from '../words'
export { words }

/** The entry of a word list, or the fallback: keys that come from events never reach the prototype. */
export function wordOf(list: Readonly<Record<string, string>>, key: string, fallback: string): string {
  return Object.hasOwn(list, key) ? list[key] ?? fallback : fallback
}
