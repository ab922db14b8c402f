import { encrypt } from 'nostr-tools/nip04'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import SignerNotice from '../../../src/components/account/SignerNotice.vue'
import { runSession } from '../../../src/composables/session'
import { useSignerNotice } from '../../../src/composables/useSignerNotice'
import MuteRelays from '../../../src/pages/MuteRelays.vue'
import SettingsPage from '../../../src/pages/SettingsPage.vue'
import SignInPage from '../../../src/pages/SignInPage.vue'
import { useAccountStore } from '../../../src/stores/account'
import { emptyInbox, useInboxStore } from '../../../src/stores/inbox'
import { HUB, createHub } from '../../support/memory-hub'
import { newDevice } from '../../support/memory-services'
import { nip46Signer, type Nip46Signer } from '../../support/nip46-signer'
import { person, signed } from '../../support/signed'
import { openPage, settle, type Stage } from '../desk/stage'

let hub: ReturnType<typeof createHub>
let signer: Nip46Signer
let stages: Stage[] = []
beforeEach(() => {
  hub = createHub()
  signer = nip46Signer(hub.relays, [HUB], { secret: 'sesame' })
})
afterEach(() => {
  stages.forEach(stage => stage.close())
  stages = []
  signer.close()
})
async function open(...[page, path, options]: Parameters<typeof openPage>): Promise<Stage> {
  const stage = await openPage(page, path, { hub, ...options })
  stages.push(stage)
  return stage
}
const finder = (stage: Stage) => (name: string) => stage.wrapper.find(`[data-test=${name}]`)
const pairing = { signal: new AbortController().signal, onLink: () => undefined }

describe('signing in', () => {
  async function remoteForm() {
    const stage = await open(SignInPage, '/sign-in?next=/cart')
    const find = finder(stage)
    await find('sign-in-remote').trigger('click')
    const paste = async (text: string) => {
      await stage.wrapper.find('input[name=bunker]').setValue(text)
      await find('use-bunker').trigger('submit')
      await settle()
    }
    return { stage, find, paste }
  }

  test('an address that is pasted signs in, and the person goes on where they were', async () => {
    const { stage, paste } = await remoteForm()
    await paste(signer.bunker)
    await vi.waitFor(() => expect(stage.router.currentRoute.value.fullPath).toBe('/cart'))
    expect(stage.account.record).toMatchObject({ kind: 'nip46', pubkey: signer.user.pubkey })
  })

  test('what is no address gets a plain sentence, and the text stays to be corrected', async () => {
    const { stage, find, paste } = await remoteForm()
    await paste('npub1nothing')
    expect(find('remote-problem').text()).toContain('no address of a remote signer')
    expect(stage.wrapper.find<HTMLInputElement>('input[name=bunker]').exists()).toBe(true)
    signer.manners.denies = { words: 'no', methods: ['connect'] }
    await paste(signer.bunker)
    await vi.waitFor(() => expect(find('remote-problem').text()).toContain('You declined in your signer'))
    expect(find('use-bunker').text()).toBe('Try again')
  })

  test('a bunker that never answers: the wait is seen, and ends when the person says so; an answer after that signs nobody in', async () => {
    signer.manners.hangs = true
    const { stage, find, paste } = await remoteForm()
    await paste(signer.bunker)
    expect(find('remote-waiting').text()).toContain('Waiting for your signer')
    await vi.waitFor(() => expect(find('waited').text()).toMatch(/^[1-9]/), { timeout: 4_000 })
    await find('cancel-remote').trigger('click')
    expect(find('remote-waiting').exists()).toBe(false)
    await settle()
    expect(stage.account.state).toBe('none')
  })

  test('a code to scan, drawn once there is one; the page that the signer wants opened is a link', async () => {
    const { stage, find } = await remoteForm()
    await find('show-code').trigger('click')
    await vi.waitFor(() => expect(find('qr').exists()).toBe(true))
    const uri = stage.wrapper.find('a[href^="nostrconnect:"]').attributes('href') ?? ''
    signer.manners.authUrl = 'https://signer.example/allow?me'
    signer.scan(uri)
    await vi.waitFor(() => expect(find('auth-link').attributes()).toMatchObject({ href: 'https://signer.example/allow?me', rel: 'noopener noreferrer', target: '_blank' }))
    signer.approve()
    await vi.waitFor(() => expect(stage.account.state).toBe('open'))
    expect(stage.account.record?.kind).toBe('nip46')
  })
})

describe('several accounts', () => {
  test('each is in the list, one open; another is opened, one is removed, and what is left is said', async () => {
    const stage = await open(SettingsPage, '/you', { before: async ({ account }) => {
      await account.startGuest()
      await account.signInWithBunker(signer.bunker, pairing)
    } })
    const find = finder(stage)
    expect(stage.wrapper.findAll('[data-account]')).toHaveLength(2)
    expect(stage.wrapper.find(`[data-account="${signer.user.pubkey}"]`).text()).toContain('Open now')
    await find('switch-account').trigger('click')
    await vi.waitFor(() => expect(stage.account.record?.kind).toBe('guest'))
    await settle()
    await stage.wrapper.find(`[data-account="${signer.user.pubkey}"] [data-test=remove-account]`).trigger('click')
    await settle()
    await vi.waitFor(() => expect(stage.wrapper.findAll('[data-test=confirm-sign-out]').length).toBeGreaterThan(0))
    const sheet = stage.wrapper.findAll('form').find(form => form.text().includes('Remove this account?'))
    await sheet?.trigger('submit')
    await vi.waitFor(() => expect(stage.account.records).toHaveLength(1))
    expect(stage.account.record?.kind).toBe('guest')
    expect(Array.from({ length: stage.device.store.length }, (_, at) => stage.device.store.key(at)).join()).not.toContain(signer.user.pubkey.slice(0, 16))
  })

  test('T15: what is sealed for one account is neither seen nor overwritten by another', async () => {
    const stage = await open(SettingsPage, '/you', { before: async ({ account }) => { await account.signInWithBunker(signer.bunker, pairing) } })
    const { account, settings } = stage
    const purse = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'c'.repeat(64)}`
    await settings.setShopperWallet(purse)
    await account.startGuest()
    await settle()
    expect(settings.shopperWalletUri).toBeNull()
    await settings.setShopperWallet(null)
    expect(await account.switchTo(signer.user.pubkey)).toBe(true)
    await vi.waitFor(() => expect(settings.shopperWalletUri).toBe(purse))
  })
})

describe('T23: a relay that wants to know who reads', () => {
  test('one that the person chose waits for a tap, with a plain note; while the signer thinks, and for one that was not chosen, there is none', async () => {
    const stage = await open(MuteRelays, '/', { before: async ({ account, settings }) => {
      await account.signInWithBunker(signer.bunker, pairing)
      settings.allowAuth(HUB, true)
    } })
    const { account, settings } = stage
    hub.setAuth('needed')
    useInboxStore(stage.pinia).report({ ...emptyInbox, muteRelays: [HUB] })
    await settle()
    const note = () => finder(stage)('auth-waits')
    expect(note().text()).toContain('A relay waits for your signer')
    expect(note().text()).toContain('Nothing is lost')
    const before = account.taps
    await note().find('button').trigger('click')
    expect(account.taps).toBe(before + 1)
    hub.setAuth('none')
    await settle()
    expect(note().exists()).toBe(false)
    hub.setAuth('needed')
    settings.allowAuth(HUB, false)
    await settle()
    expect(note().exists()).toBe(false)
  })
})

describe('after a reload', () => {
  const Shell = defineComponent({
    setup() {
      const { view, retry } = useSignerNotice()
      return () => view.value === null ? h('p', 'all well') : h(SignerNotice, { ...view.value, onRetry: retry })
    },
  })

  test('the account opens without a word to the signer; when that does not answer it is said beside everything else, until it does', async () => {
    const device = newDevice()
    const first = await open(Shell, '/', { device, before: async ({ account }) => { await account.signInWithBunker(signer.bunker, pairing) } })
    first.close()
    stages = []
    signer.manners.hangs = true
    const asked = signer.asked.length
    const stage = await open(Shell, '/', { device })
    expect(stage.account.state).toBe('open')
    expect(stage.wrapper.text()).toContain('all well')
    expect(signer.asked).toHaveLength(asked)

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    try {
      const sealing = stage.account.signer?.nip04Encrypt(signer.user.pubkey, 'hello')
      await vi.advanceTimersByTimeAsync(10_000)
      expect(stage.wrapper.find('[data-test=signer-notice]').attributes('data-state')).toBe('waiting')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(await sealing).toEqual({ ok: false, error: { code: 'unavailable' } })
      expect(stage.wrapper.find('[data-test=signer-notice]').text()).toContain('Your signer does not answer')
      signer.manners.hangs = false
      await stage.wrapper.find('[data-test=retry-signer]').trigger('click')
      await vi.advanceTimersByTimeAsync(2_000)
      expect(stage.wrapper.text()).toContain('all well')
      expect(stage.account.signerReturns).toBe(1)
    }
    finally {
      vi.useRealTimers()
    }
  })

  test('messages that came while it was silent are read once it answers again', async () => {
    const Session = defineComponent({
      setup() {
        const account = useAccountStore()
        return () => account.state === 'open' ? h(Running) : h('p')
      },
    })
    const Running = defineComponent({
      setup() {
        runSession()
        return () => h('p', String(useInboxStore().progress.unopened))
      },
    })
    const stage = await open(Session, '/', { before: async ({ account }) => { await account.signInWithBunker(signer.bunker, pairing) } })
    const author = person(8)
    const words = encrypt(author.secret, signer.user.pubkey, '{"id":"1","type":2,"message":"hello"}')
    signer.manners.hangs = true
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    try {
      void hub.relays.publish(signed({ kind: 4, tags: [['p', signer.user.pubkey]], content: words }, author), [HUB])
      await vi.advanceTimersByTimeAsync(45_000)
      expect(stage.account.presence.state).toBe('silent')
      expect(stage.wrapper.text()).toBe('1')
      signer.manners.hangs = false
      const before = signer.asks('nip04_decrypt')
      // By itself, after a while.
      await vi.advanceTimersByTimeAsync(60_000)
      expect(stage.account.presence.state).toBe('ready')
      expect(signer.asks('nip04_decrypt')).toBeGreaterThan(before)
      expect(stage.wrapper.text()).toBe('0')
    }
    finally {
      vi.useRealTimers()
    }
  })
})
