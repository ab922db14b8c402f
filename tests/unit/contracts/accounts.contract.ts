import { decrypt } from 'nostr-tools/nip49'
import { expect, test } from 'vitest'
import type { Pubkey, Seconds } from '../../../src/domain/brand'
import type { Accounts } from '../../../src/ports/accounts'
import type { Nip46Signer } from '../../support/nip46-signer'
import { HUB } from '../../support/memory-hub'
import { testSigner } from '../storage/people'

export interface AccountsStage {
  readonly accounts: Accounts
  /** The same device and tab, loaded anew. */
  readonly reload: () => Accounts
  /** The same device, another tab. */
  readonly newTab: () => Accounts
  readonly pass: (seconds: number) => Promise<void>
  readonly extension: { secret: Uint8Array | null }
  readonly remote: Nip46Signer
}

const PASS = 'correct horse'
export const WORDS = 'leader monkey parrot ring guide accident before fence cannon height naive bean'
/** NIP-06's first test vector. */
const WORDS_HEX = '7f7ff03d123792d6ac594bfa67bf6d0c0ab55b6b1fdb6249303fe861f1ccba9a'

const pairing = () => ({ signal: new AbortController().signal, onLink: () => undefined })

export function accountsContract(open: () => AccountsStage): void {
  test('a new key is kept only when asked, and its words lead back to it', async () => {
    const { accounts } = open()
    const made = await accounts.newKey()
    expect(made.words).toHaveLength(12)
    expect(accounts.list()).toEqual([])
    const kept = await accounts.keepKey(made.words.join(' '), PASS, 'Me', true)
    expect(kept.ok && kept.value.record).toMatchObject({ pubkey: made.pubkey, kind: 'local', label: 'Me', backedUp: true })
    const again = await accounts.keepKey(made.nsec, PASS, 'Me', true)
    expect(again.ok && again.value.signer.pubkey).toBe(made.pubkey)
    expect(accounts.list()).toHaveLength(1)
  })

  test('words of NIP-06, hex and ncryptsec are read; anything else is refused by name', async () => {
    const { accounts } = open()
    const byWords = await accounts.keepKey(`  ${WORDS.toUpperCase()} `, PASS, '', true)
    const byHex = await accounts.keepKey(WORDS_HEX, PASS, '', true)
    expect(byWords.ok && byHex.ok && byWords.value.signer.pubkey === byHex.value.signer.pubkey).toBe(true)
    const pubkey = accounts.current()?.pubkey
    const text = pubkey ? await accounts.exportKey(pubkey, PASS) : null
    expect(text?.ok && (await accounts.keepKey(text.value, PASS, '', true)).ok).toBe(true)
    expect(await accounts.keepKey(text?.ok ? text.value : '', 'another pass', '', true)).toEqual({ ok: false, error: { code: 'wrong-passphrase' } })
    expect(await accounts.keepKey(WORDS.replace('leader', 'monkey'), PASS, '', true)).toEqual({ ok: false, error: { code: 'bad-words' } })
    expect(await accounts.keepKey('npub1nothing', PASS, '', true)).toEqual({ ok: false, error: { code: 'not-a-key' } })
    expect(await accounts.keepKey('ff'.repeat(32), PASS, '', true)).toEqual({ ok: false, error: { code: 'not-a-key' } })
    expect(await accounts.keepKey(WORDS, 'short', '', true)).toEqual({ ok: false, error: { code: 'weak-passphrase' } })
  })

  test('T16: what is exported is NIP-49 and opens with its passphrase', async () => {
    const { accounts } = open()
    const kept = await accounts.keepKey(WORDS, PASS, '', false)
    const text = kept.ok ? await accounts.exportKey(kept.value.record.pubkey, 'for the file') : null
    expect(text?.ok && Buffer.from(decrypt(text.value, 'for the file')).toString('hex')).toBe(WORDS_HEX)
  })

  test('a reload in the same tab stays open, a new tab is locked until the passphrase', async () => {
    const { accounts, reload, newTab } = open()
    const kept = await accounts.keepKey(WORDS, PASS, '', true)
    if (!kept.ok)
      throw new Error(kept.error.code)
    const sealed = await kept.value.vault.seal('secret note')
    const resumed = await reload().resume()
    expect(resumed?.record.pubkey).toBe(kept.value.record.pubkey)
    expect(await resumed?.vault.unseal(sealed)).toEqual({ ok: true, value: 'secret note' })
    const other = newTab()
    expect(await other.resume()).toBeNull()
    expect(await other.unlock(kept.value.record.pubkey, 'wrong horse')).toEqual({ ok: false, error: { code: 'wrong-passphrase' } })
    const unlocked = await other.unlock(kept.value.record.pubkey, PASS)
    expect(unlocked.ok && await unlocked.value.vault.unseal(sealed)).toEqual({ ok: true, value: 'secret note' })
  })

  test('T16: idle time locks, use postpones it, and a locked account is locked after a reload too', async () => {
    const { accounts, reload, pass } = open()
    accounts.setLockAfter(60)
    const kept = await accounts.keepKey(WORDS, PASS, '', true)
    let locked = 0
    accounts.onLock(() => locked++)
    await pass(50)
    accounts.touch()
    await pass(50)
    expect(locked).toBe(0)
    await pass(30)
    expect(locked).toBe(1)
    expect(kept.ok && await kept.value.vault.unseal('x')).toEqual({ ok: false, error: { code: 'storage-locked' } })
    expect(await reload().resume()).toBeNull()
  })

  test('T16: a tab that was asleep past its lock time does not resume', async () => {
    const { accounts, reload, pass } = open()
    accounts.setLockAfter(60)
    await accounts.keepKey(WORDS, PASS, '', true)
    const later = reload()
    await pass(61)
    expect(await later.resume()).toBeNull()
  })

  test('a guest needs no passphrase in this browser, and may keep the key', async () => {
    const { accounts, newTab } = open()
    const guest = await accounts.newGuest()
    if (!guest.ok)
      throw new Error(guest.error.code)
    const { pubkey } = guest.value.record
    expect(guest.value.record).toMatchObject({ kind: 'guest', backedUp: false })
    const tab = newTab()
    expect((await tab.resume())?.record.pubkey).toBe(pubkey)
    const text = await tab.exportKey(pubkey, PASS)
    const kept = await tab.keepKey(text.ok ? text.value : '', PASS, 'Mine', true)
    expect(kept.ok && kept.value.record).toMatchObject({ pubkey, kind: 'local', backedUp: true })
    expect(await newTab().resume()).toBeNull()
  })

  test('a persona of the sandbox rests like a guest', async () => {
    const { accounts, newTab } = open()
    const made = await accounts.newKey()
    const persona = await accounts.newGuest({ secret: made.nsec, label: 'Shopper' })
    expect(persona.ok && persona.value.record).toMatchObject({ pubkey: made.pubkey, label: 'Shopper' })
    expect((await newTab().resume())?.record.pubkey).toBe(made.pubkey)
  })

  test('an extension is asked while signing in, and by no later load', async () => {
    const { accounts, newTab, extension } = open()
    expect(await accounts.signInWithExtension()).toEqual({ ok: false, error: { code: 'no-extension' } })
    extension.secret = new Uint8Array(32).fill(5)
    const { pubkey } = testSigner(extension.secret)
    const opened = await accounts.signInWithExtension()
    expect(opened.ok && opened.value.record).toMatchObject({ kind: 'nip07', pubkey })
    const sealed = opened.ok ? await opened.value.vault.seal('note') : ''
    // Gone, or another account in it by now: what is here can be read, what is signed is checked then.
    extension.secret = null
    const resumed = await newTab().resume()
    expect([resumed?.record.pubkey, resumed?.signer.pubkey]).toEqual([pubkey, pubkey])
    expect(await resumed?.vault.unseal(sealed)).toEqual({ ok: true, value: 'note' })
  })

  test('a remote signer by its address: later loads open at once, whether it answers or not, and ask it nothing', async () => {
    const { accounts, reload, newTab, remote } = open()
    const opened = await accounts.signInWithBunker(remote.bunker, pairing())
    if (!opened.ok)
      throw new Error(opened.error.code)
    expect(opened.value.record).toMatchObject({ kind: 'nip46', pubkey: remote.user.pubkey, backedUp: true })
    const sealed = await opened.value.vault.seal('note')
    remote.manners.hangs = true
    const asked = remote.asked.length
    for (const again of [reload(), newTab()]) {
      const resumed = await again.resume()
      expect(resumed?.record).toMatchObject({ kind: 'nip46', pubkey: remote.user.pubkey })
      expect(await resumed?.vault.unseal(sealed)).toEqual({ ok: true, value: 'note' })
    }
    expect(remote.asked).toHaveLength(asked)
    remote.manners.hangs = false
    const third = await newTab().resume()
    expect(await third?.signer.sign({ kind: 4, created_at: 1_800_000_000 as Seconds, tags: [], content: 'x' })).toMatchObject({ ok: true })
    expect(remote.asks('connect')).toBe(1)
  })

  test('a remote signer by a code; texts that are no address, and signers that say no, leave who was open open', async () => {
    const { accounts, remote } = open()
    const guest = await accounts.newGuest()
    expect(await accounts.signInWithBunker('bunker://nobody', pairing())).toEqual({ ok: false, error: { code: 'bad-signer-key' } })
    remote.manners.denies = { words: 'no', methods: ['connect'] }
    expect(await accounts.signInWithBunker(remote.bunker, pairing())).toEqual({ ok: false, error: { code: 'declined' } })
    remote.manners.denies = { words: 'no', methods: ['nip44_encrypt'] }
    expect(await accounts.signInWithBunker(remote.bunker, pairing())).toEqual({ ok: false, error: { code: 'declined' } })
    expect(guest.ok && await guest.value.vault.seal('still open')).toMatch(/./)
    remote.manners.denies = null
    const { uri, opened } = await accounts.offerToSigner([HUB], pairing())
    await new Promise((resolve) => { setTimeout(resolve, 10) })
    remote.scan(uri)
    expect(await opened).toMatchObject({ ok: true, value: { record: { kind: 'nip46', pubkey: remote.user.pubkey } } })
    expect(accounts.list()).toHaveLength(2)
  })

  test('not waited for any more: an answer that comes after that signs nobody in', async () => {
    const { accounts, remote } = open()
    remote.manners.hangs = ['nip44_encrypt']
    const life = new AbortController()
    const signing = accounts.signInWithBunker(remote.bunker, { ...pairing(), signal: life.signal })
    await expect.poll(() => remote.asks('nip44_encrypt')).toBe(1)
    life.abort()
    remote.answerAll()
    expect(await signing).toEqual({ ok: false, error: { code: 'cancelled' } })
    expect([accounts.current(), accounts.list()]).toEqual([null, []])
  })

  test('an old remote signer without NIP-44 seals the vault by NIP-04', async () => {
    const { accounts, newTab, remote } = open()
    remote.manners.denies = { words: 'unknown method', methods: ['nip44_encrypt', 'nip44_decrypt'] }
    const opened = await accounts.signInWithBunker(remote.bunker, pairing())
    const sealed = opened.ok ? await opened.value.vault.seal('note') : ''
    accounts.leave()
    const again = await newTab().signInWithBunker(remote.bunker, pairing())
    expect(again.ok && await again.value.vault.unseal(sealed)).toEqual({ ok: true, value: 'note' })
  })

  test('signed out, data kept: only the signer opens it again; forgotten: it is told, and nothing is left', async () => {
    const { accounts, newTab, remote } = open()
    const opened = await accounts.signInWithBunker(remote.bunker, pairing())
    const sealed = opened.ok ? await opened.value.vault.seal('note') : ''
    accounts.leave()
    const other = newTab()
    expect(await other.switchTo(remote.user.pubkey)).toBeNull()
    const again = await other.signInWithBunker(remote.bunker, pairing())
    expect(again.ok && await again.value.vault.unseal(sealed)).toEqual({ ok: true, value: 'note' })
    await other.forget(remote.user.pubkey)
    await expect.poll(() => remote.asks('logout')).toBe(1)
    expect(newTab().list()).toEqual([])
    const anew = await newTab().signInWithBunker(remote.bunker, pairing())
    expect(anew.ok && await anew.value.vault.unseal(sealed)).toMatchObject({ ok: false })
  })

  test('several accounts, switched: one is open at a time, and each opens only what is its own', async () => {
    const { accounts, remote } = open()
    const guest = await accounts.newGuest()
    const note = guest.ok ? await guest.value.vault.seal('guest note') : ''
    const far = await accounts.signInWithBunker(remote.bunker, pairing())
    const local = await accounts.keepKey(WORDS, PASS, 'Me', true)
    if (!guest.ok || !far.ok || !local.ok)
      throw new Error('not signed in')
    expect(await far.value.vault.unseal(note)).toEqual({ ok: false, error: { code: 'storage-locked' } })
    const back = await accounts.switchTo(guest.value.record.pubkey)
    expect(await back?.vault.unseal(note)).toEqual({ ok: true, value: 'guest note' })
    expect(await local.value.vault.unseal(note)).toMatchObject({ ok: false })
    const remoteAgain = await accounts.switchTo(remote.user.pubkey)
    expect((await remoteAgain?.vault.unseal(note))?.ok).toBe(false)
    // A passphrase is asked for again, and that account is the chosen one meanwhile.
    expect(await accounts.switchTo(local.value.record.pubkey)).toBeNull()
    expect(accounts.current()?.pubkey).toBe(local.value.record.pubkey)
    await accounts.forget(guest.value.record.pubkey)
    expect(accounts.list().map(({ kind }) => kind).sort()).toEqual(['local', 'nip46'])
  })

  test('T15: leaving keeps everything but stays out; forgetting leaves nothing', async () => {
    const { accounts, reload, newTab } = open()
    const guest = await accounts.newGuest()
    const pubkey = guest.ok ? guest.value.record.pubkey : '' as Pubkey
    accounts.leave()
    expect(accounts.current()).toBeNull()
    expect(await reload().resume()).toBeNull()
    expect(accounts.list()).toHaveLength(1)
    await accounts.forget(pubkey)
    expect(newTab().list()).toEqual([])
  })

  test('a backup is remembered', async () => {
    const { accounts, newTab } = open()
    const kept = await accounts.keepKey(WORDS, PASS, '', false)
    if (kept.ok)
      accounts.markBackedUp(kept.value.record.pubkey)
    expect(newTab().list()[0]?.backedUp).toBe(true)
  })
}
