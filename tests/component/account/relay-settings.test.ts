import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { runSession } from '../../../src/composables/session'
import SettingsPage from '../../../src/pages/SettingsPage.vue'
import type { RelayStatus } from '../../../src/ports/relays'
import { relayUrl } from '../../support/signed'
import { createHub, HUB } from '../../support/memory-hub'
import { openPage, settle, type Stage } from '../desk/stage'

let hub: ReturnType<typeof createHub>
let stages: Stage[] = []
beforeEach(() => { hub = createHub() })
afterEach(() => {
  stages.forEach(stage => stage.close())
  stages = []
})
/** A page on which all runs that runs by itself while an account is open. */
const Session = defineComponent({ setup() {
  runSession()
  return () => h('p')
} })
const OTHER = relayUrl('wss://other.example')
async function settings(sandbox = true): Promise<Stage> {
  const stage = await openPage(SettingsPage, '/you', { hub, sandbox, before: async ({ account, settings: chosen }) => {
    await account.startGuest()
    chosen.addRelay(OTHER)
  } })
  stages.push(stage)
  return stage
}
const row = (stage: Stage, url: string) => stage.wrapper.find(`[data-relay="${url}"]`)
const box = (stage: Stage, url: string, use: string) => row(stage, url).find<HTMLInputElement>(`[data-use=${use}]`)
const lists = (stage: Stage) => stage.wrapper.find('[data-test=relay-lists]')
const published = (kind: number) => hub.kept.filter(event => event.kind === kind).at(-1)?.tags

describe('what each relay is used for', () => {
  test('is chosen beside its address; every box has a name, and the last one of its purpose cannot be cleared', async () => {
    const stage = await settings()
    expect(row(stage, HUB).text()).toContain('Private messages arrive here')
    expect([box(stage, HUB, 'inbox').element.checked, box(stage, OTHER, 'inbox').element.checked]).toEqual([true, false])
    await box(stage, OTHER, 'write').setValue(false)
    await box(stage, HUB, 'write').setValue(false)
    expect(row(stage, HUB).find('[role=alert]').text()).toContain('One relay at least')
    expect(box(stage, HUB, 'write').element.checked).toBe(true)
    expect(stage.settings.writeRelays).toEqual([HUB])
    expect(stage.settings.readRelays).toEqual([HUB, OTHER])
  })

  test('more than three for private messages is advised against', async () => {
    const stage = await settings()
    for (const n of [1, 2, 3]) {
      const url = relayUrl(`wss://r${n}.example`)
      stage.settings.addRelay(url)
      await settle()
      await box(stage, url, 'inbox').setValue(true)
    }
    expect(stage.wrapper.text()).toContain('Three or fewer are best')
  })
})

describe('what others know of them', () => {
  test('is shown beside what is set here, and published by one button only', async () => {
    const stage = await settings()
    await vi.waitFor(() => expect(lists(stage).attributes('data-state')).toBe('known'))
    expect(lists(stage).text()).toContain('Nothing is published yet')
    expect(lists(stage).text()).toContain('other.example')
    expect(hub.kept).toEqual([])
    await lists(stage).find('[data-test=publish-relays]').trigger('click')
    await vi.waitFor(() => expect(lists(stage).text()).toContain('What others find is what is set here.'))
    expect(published(10002)).toEqual([['r', HUB], ['r', OTHER]])
    expect(published(10050)).toEqual([['relay', HUB]])
    await box(stage, OTHER, 'inbox').setValue(true)
    expect(lists(stage).text()).toContain('differs')
    expect(published(10050)).toEqual([['relay', HUB]])
  })

  test('that no relay answered, and that no relay took it, is said, with what stays as it was', async () => {
    const stage = await settings()
    await vi.waitFor(() => expect(lists(stage).attributes('data-state')).toBe('known'))
    hub.setAnswer('refused', 'blocked: no')
    await lists(stage).find('[data-test=publish-relays]').trigger('click')
    await vi.waitFor(() => expect(lists(stage).find('[role=alert]').text()).toContain('No relay took it'))
    hub.setOpen(false)
    const again = await settings()
    await vi.waitFor(() => expect(lists(again).text()).toContain('None of your relays answered'))
  })

  test('outside the sandbox, relays of this very machine alone are no list for others', async () => {
    const stage = await settings(false)
    stage.settings.removeRelay(OTHER)
    await vi.waitFor(() => expect(lists(stage).find('[role=alert]').text()).toContain('on this device'))
    expect(lists(stage).find('[data-test=publish-relays]').attributes('disabled')).toBeDefined()
  })

  test('a key that was made here gets its first lists by itself; one that was brought along does not', async () => {
    for (const fresh of [true, false]) {
      hub = createHub()
      const stage = await openPage(Session, '/session', { hub, sandbox: true, before: async ({ account }) => {
        const key = fresh ? (await account.newKey()).nsec : '11'.repeat(32)
        await account.keepKey(key, 'correct horse', '', false)
      } })
      stages.push(stage)
      if (fresh)
        await vi.waitFor(() => expect(published(10050)).toEqual([['relay', HUB]]))
      await new Promise(resolve => setTimeout(resolve, 100))
      expect(published(10002)).toEqual(fresh ? [['r', HUB]] : undefined)
    }
  })
})

test('what a relay says of itself is told in words', async () => {
  const statuses = (): readonly RelayStatus[] => [{ url: HUB, state: 'open', auth: 'none', retryAt: null, lastError: '', shunned: false, received: 0, refused: 0, notices: [],
    info: { name: 'Corner relay', paymentRequired: true, authRequired: true, restrictedWrites: false, minPow: 0, refusesBackDated: true, maxMessageLength: 16_384, maxSubscriptions: 8, maxLimit: null, negentropy: true } }]
  hub.relays.statuses = statuses
  const stage = await settings()
  const told = row(stage, HUB).find('[data-test=relay-facts]').text()
  for (const part of ['Corner relay', 'paid before', 'who you are', 'older times', '16,384', 'at most 8 questions', 'coming back costs little'])
    expect(told).toContain(part)
})
