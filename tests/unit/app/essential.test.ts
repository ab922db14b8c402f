import { expect, it, vi } from 'vitest'
import { askAgain, essential, hasCome, missingPart, reportMissing, whenOnline } from '../../../src/app/essential'
import { lazyMail } from '../../../src/app/lazy-mail'
import { ok } from '../../../src/domain/result'
import type { EventId } from '../../../src/domain/brand'
import type { Inbox, Mail } from '../../../src/ports/mail'
import { later } from '../../support/later'

it('waits for what nothing goes on without: says so, and asks again when told to', async () => {
  let tries = 0
  const came = essential(async () => {
    tries += 1
    if (tries < 3)
      throw new TypeError('Failed to fetch dynamically imported module')
    return 'here'
  })
  await vi.waitFor(() => expect(missingPart.value).toEqual({ stubborn: false }))
  askAgain()
  await vi.waitFor(() => expect(missingPart.value).toEqual({ stubborn: true }))
  askAgain()
  expect(await came).toBe('here')
  expect(missingPart.value).toBeNull()
})

it('asks for all that is missing at once, and says nothing any more of what came by itself', () => {
  const asked: string[] = []
  reportMissing('page', () => asked.push('page'), 1)
  reportMissing('other', () => asked.push('other'), 1)
  askAgain()
  expect(asked).toEqual(['page', 'other'])
  reportMissing('page', () => undefined, 2)
  hasCome('page')
  expect(missingPart.value).toBeNull()
})

it('asks by itself when the network is back for what nothing goes on without; a page is opened only when the person says so', () => {
  const asked: string[] = []
  reportMissing('page', () => asked.push('page'), 1, false)
  reportMissing('part', () => asked.push('part'), 1)
  whenOnline()
  expect(asked).toEqual(['part'])
  expect(missingPart.value).toEqual({ stubborn: false })
  askAgain()
  expect(asked).toEqual(['part', 'page'])
  expect(missingPart.value).toBeNull()
})

it('tells an inbox, once its program came, what it was told before', async () => {
  const heard: string[] = []
  const inbox: Inbox = { fetchAgain: ids => heard.push(`fetch ${ids.length}`), openWaiting: () => heard.push('open'), askAgain: () => heard.push('ask'), pauseOpening: () => heard.push('pause') }
  const mail: Mail = { openInbox: () => inbox, compose: () => Promise.reject(new Error('not asked for')) }
  const program = later<Mail>()
  const options: Parameters<Mail['openInbox']>[0] = {
    signer: { kind: 'local', pubkey: ''.padStart(64, 'a') as never, can: { nip04: true, nip44: true }, sign: () => Promise.reject(new Error()), nip04Encrypt: async () => ok(''), nip04Decrypt: async () => ok(''), nip44Encrypt: async () => ok(''), nip44Decrypt: async () => ok(''), close: () => undefined },
    relays: [], since: null, known: async () => new Set(), signal: new AbortController().signal, onMessages: () => undefined, onSpoilt: () => undefined, onProgress: () => undefined,
  }
  const lazy = lazyMail(() => program.promise).openInbox(options)
  lazy.openWaiting()
  lazy.fetchAgain([''.padStart(64, 'b') as EventId])
  expect(heard).toEqual([])
  program.resolve(mail)
  await vi.waitFor(() => expect(heard).toEqual(['open', 'fetch 1']))
  lazy.pauseOpening()
  expect(heard).toEqual(['open', 'fetch 1', 'pause'])
})

it('opens no inbox that nobody wants any more when its program comes', async () => {
  const life = new AbortController()
  let opened = 0
  const mail = { openInbox: () => { opened += 1 } } as unknown as Mail
  const program = later<Mail>()
  lazyMail(() => program.promise).openInbox({ signal: life.signal } as Parameters<Mail['openInbox']>[0])
  life.abort()
  program.resolve(mail)
  await program.promise
  await Promise.resolve()
  expect(opened).toBe(0)
})
