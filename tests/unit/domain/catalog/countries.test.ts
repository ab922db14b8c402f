import { describe, expect, test } from 'vitest'
import { COUNTRIES } from '../../../../src/domain/catalog/country-table'
import { countryCode, countryName, countryNames, isWorldwide } from '../../../../src/domain/catalog/countries'

describe('countries', () => {
  test('each has two codes of its own, and its English name leads back to it', () => {
    expect(COUNTRIES).toHaveLength(249)
    expect(new Set(COUNTRIES.map(({ alpha2 }) => alpha2)).size).toBe(249)
    expect(new Set(COUNTRIES.map(({ alpha3 }) => alpha3)).size).toBe(249)
    for (const { alpha2, alpha3 } of COUNTRIES)
      expect([alpha2, alpha2.toLowerCase(), alpha3, countryName(alpha2)].map(countryCode)).toEqual([alpha2, alpha2, alpha2, alpha2])
    expect(countryNames()).toHaveLength(249)
  })
  test.each([['DEU', 'DE'], ['aut', 'AT'], ['USA', 'US'], ['United States of America', 'US'], ['UK', 'GB'], ['Turkey', 'TR'], ['czechia', 'CZ'], ['Czech Republic', 'CZ'], ['Bosnia and Herzegovina', 'BA'], ['Côte d\'Ivoire', 'CI'], [' germany ', 'DE']])('%s is %s', (text, code) => {
    expect(countryCode(text)).toBe(code)
  })
  test.each(['', 'Europe', 'EU', 'constructor', 'XX', 'Deutschland '])('%j is none', (text) => {
    expect(countryCode(text)).toBeNull()
    expect(countryName(text)).toBe(text)
  })
  test('the whole world by its names', () => {
    expect(['Worldwide', ' world wide', 'GLOBAL', 'Everywhere', 'Worldly'].map(isWorldwide)).toEqual([true, true, true, true, false])
  })
})
