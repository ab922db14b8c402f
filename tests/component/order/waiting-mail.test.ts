import { afterEach, expect, test } from 'vitest'
import MuteRelays from '../../../src/pages/MuteRelays.vue'
import type { InboxProgress } from '../../../src/ports/mail'
import { emptyInbox, useInboxStore } from '../../../src/stores/inbox'
import { openPage, settle, type Stage } from '../desk/stage'

let stage: Stage
afterEach(() => stage.close())
const find = (name: string) => stage.wrapper.find(`[data-test=${name}]`)

async function open() {
  let inbox: ReturnType<typeof useInboxStore> | undefined
  stage = await openPage(MuteRelays, '/', { before: async () => { inbox = useInboxStore() } })
  if (inbox === undefined)
    throw new TypeError('no inbox')
  const own = inbox
  const asked: string[] = []
  own.opened({ openWaiting: () => asked.push('open'), pauseOpening: () => asked.push('pause') })
  return { asked, report: async (progress: Partial<InboxProgress>) => {
    own.report({ ...emptyInbox, ...progress })
    await settle()
  } }
}

test('nothing is said while nothing waits', async () => {
  const { report } = await open()
  await report({})
  expect(stage.wrapper.text()).toBe('')
})

test('what waits is counted, with the reason; one tap opens it, with progress, and one tap pauses', async () => {
  const { asked, report } = await open()
  await report({ unopened: 800, held: 'not-asked' })
  expect(find('unopened').text()).toContain('800 messages wait for your signer')
  expect(find('unopened').text()).toContain('not asked before you say so')
  await find('unopened').find('button').trigger('click')
  expect(asked).toEqual(['open'])

  await report({ unopened: 0, opening: { done: 120, of: 800 } })
  expect(find('unopened').exists()).toBe(false)
  expect(find('opening').text()).toContain('120 of 800 messages opened')
  expect(find('opening').find('progress').attributes()).toMatchObject({ 'value': '120', 'max': '800', 'aria-label': '120 of 800 messages opened' })
  await find('opening').find('button').trigger('click')
  expect(asked).toEqual(['open', 'pause'])

  await report({ unopened: 680, held: 'paused' })
  expect(find('unopened').find('button').text()).toBe('Go on')
})

test.each<[NonNullable<InboxProgress['held']>, string]>([
  ['silent', 'does not answer'], ['declined', 'declined or locked'], ['fruitless', 'unreadable'], ['many', 'may ask you about each'],
])('%s is said in plain words, with what is safe', async (held, words) => {
  const { report } = await open()
  await report({ unopened: 1, held })
  expect(find('unopened').text()).toContain('1 message waits')
  expect(find('unopened').text()).toContain(words)
  expect(find('unopened').find('button').exists()).toBe(true)
})
