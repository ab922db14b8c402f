import { COUNTRIES } from './country-table'
import { foldText } from './search'

/** Names that merchants write and the browser's English table has otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'uk': 'GB', 'great britain': 'GB', 'england': 'GB', 'scotland': 'GB', 'wales': 'GB', 'usa': 'US', 'u.s.': 'US', 'u.s.a.': 'US', 'united states of america': 'US', 'america': 'US',
  'turkey': 'TR', 'turkiye': 'TR', 'czechia': 'CZ', 'czech republic': 'CZ', 'holland': 'NL', 'the netherlands': 'NL', 'korea': 'KR', 'republic of korea': 'KR', 'russian federation': 'RU', 'viet nam': 'VN', 'uae': 'AE',
  'macedonia': 'MK', 'swaziland': 'SZ', 'cape verde': 'CV', 'ivory coast': 'CI', 'burma': 'MM', 'myanmar': 'MM', 'hong kong': 'HK', 'macau': 'MO', 'macao': 'MO', 'vatican': 'VA', 'palestine': 'PS', 'east timor': 'TL', 'congo': 'CG', 'dr congo': 'CD',
}

const WORLD = /^(?:world ?wide|world|everywhere|global|all countries|any)$/i

/** `Worldwide` and its like: every country. */
export const isWorldwide = (text: string): boolean => WORLD.test(text.trim())

const english = new Intl.DisplayNames(['en'], { type: 'region' })
const key = (name: string): string => foldText(name).replaceAll('&', 'and').replaceAll('’', '\'').replace(/\s+/g, ' ').trim()

const CODES: ReadonlyMap<string, string> = new Map([
  ...COUNTRIES.map(({ alpha2 }) => [key(english.of(alpha2) ?? alpha2), alpha2] as const),
  ...Object.entries(OTHER_NAMES),
  ...COUNTRIES.flatMap(({ alpha2, alpha3 }) => [[alpha2.toLowerCase(), alpha2], [alpha3.toLowerCase(), alpha2]] as const),
])

/** ISO 3166-1 alpha-2 of a code (Gamma: alpha-2, Plebeian: alpha-3) or an English name; null for what is no country. */
export const countryCode = (text: string): string | null => CODES.get(key(text)) ?? null

/** English name of an alpha-2 code; the text itself for anything else. */
export const countryName = (code: string): string => /^[A-Z]{2}$/.test(code) && CODES.get(code.toLowerCase()) === code ? english.of(code) ?? code : code

/** Names of all countries in English (merchants write English names most), sorted. */
export const countryNames = (): readonly string[] => COUNTRIES.map(({ alpha2 }) => countryName(alpha2)).toSorted((a, b) => a.localeCompare(b, 'en'))
