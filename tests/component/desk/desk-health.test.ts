/** What the desk says of its helpers when something is wrong. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useDeskHealth } from '../../../src/composables/useDeskHealth'
import { useDeskHealthStore } from '../../../src/stores/desk-health'
import { createHub } from '../../support/memory-hub'
import { openDesk, type DeskPage } from './desk-helpers'

let desk: DeskPage
beforeEach(async () => { desk = await openDesk({ hub: createHub(), autoInvoice: false }) })
afterEach(() => desk.page.close())
const health = () => desk.page.run(useDeskHealth).value
const report = (...problem: Parameters<ReturnType<typeof useDeskHealthStore>['report']>) => desk.page.use(useDeskHealthStore).report(...problem)

test('sources of rates that disagree are said, with what is safe and what to do', () => {
  report('answering', { order: null, code: 'rates_disagree' })
  expect(health().problem.value).toEqual({
    what: 'The sources of exchange rates disagree by more than 2 %.',
    safe: 'Nothing was invoiced at a price that may be wrong.',
    next: 'Try again in some minutes, or ask for the payment by hand.',
  })
})

test('a problem that there are no words for hides none that there are words for', () => {
  report('answering', { order: null, code: 'bug' })
  expect(health().problem.value).toBeNull()
  report('lookingUp', { order: null, code: 'source_offline' })
  expect(health().problem.value?.what).toContain('cannot be reached')
  report('lookingUp', null)
  report('stock', { order: null, code: 'declined' })
  expect(health().stockStuck.value).toBe(true)
  expect(health().problem.value?.what).toBe('You declined in your signer.')
})
