import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { deskPaymentView } from '../../../src/components/desk/payment-view'
import { panelView } from '../../../src/components/order/payment/panel-view'
import { everyDeskState, everyPanelState } from '../../support/payment-states'

const root = path.resolve(import.meta.dirname, '../../..')
const page = readFileSync(path.join(root, 'docs/payment-states.md'), 'utf8')

interface Row { readonly state: string, readonly when: string, readonly says: string, readonly next: string, readonly test: string, readonly played: string }
function rowsUnder(heading: string): readonly Row[] {
  const section = page.slice(page.indexOf(`## ${heading}\n`) + heading.length + 4).split('\n## ')[0] ?? ''
  return section.split('\n').filter(line => line.startsWith('| `')).map((line) => {
    const [, state = '', when = '', says = '', next = '', test = '', played = ''] = line.split('|').map(cell => cell.trim())
    return { state: state.replaceAll('`', ''), when, says, next, test: test.replaceAll('`', ''), played: played.replaceAll('`', '') }
  })
}
const msat = (value: number): string => `${value / 1000} sat`

describe('docs/payment-states.md', () => {
  test('names every state of either side once, and none that is none', () => {
    expect(rowsUnder('Shopper').map(({ state }) => state)).toEqual(Object.keys(everyPanelState))
    expect(rowsUnder('Merchant').map(({ state }) => state)).toEqual(Object.keys(everyDeskState))
  })

  test.each(rowsUnder('Shopper'))('shopper: $state says on the page what it says on the screen', ({ state, when, says, next }) => {
    const shown = panelView(everyPanelState[state as keyof typeof everyPanelState], msat, 'Ann')
    expect(says).toBe(shown.title)
    expect(when).not.toBe('')
    if (shown.acts.length > 0)
      expect(next).toBe(shown.acts.map(({ label }) => label).join(' · '))
    else if (shown.safe !== null)
      expect(next).toBe(shown.safe)
    else
      expect(next).not.toBe('')
  })

  test.each(rowsUnder('Merchant'))('merchant: $state says on the page what it says on the screen', ({ state, when, says, next }) => {
    const shown = deskPaymentView(everyDeskState[state as keyof typeof everyDeskState], { msat, now: 1_000 })
    expect(says).toBe(shown.title)
    expect(next).toBe(shown.lines.at(-1))
    expect(when).not.toBe('')
  })

  test.each([...rowsUnder('Shopper'), ...rowsUnder('Merchant')])('$state: the test that is named is there and knows the state', ({ state, test }) => {
    const file = path.join(root, 'tests', test)
    expect(existsSync(file)).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain(`'${state}'`)
  })

  test.each([...rowsUnder('Shopper').map(row => ({ ...row, sees: 'shopperSees' })), ...rowsUnder('Merchant').map(row => ({ ...row, sees: 'deskSees' }))])('$sees $state: a story in a real browser plays it, or it is said why nobody can', ({ state, sees, played }) => {
    if (played.startsWith('nobody can: '))
      return expect(state).toBe('overpaid')
    expect(readFileSync(path.join(root, 'tests', played), 'utf8')).toMatch(new RegExp(`${sees}\\([^)]*'${state}'`))
  })
})
