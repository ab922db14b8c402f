import { decrypt } from 'nostr-tools/nip49'
import { expect, test } from 'vitest'
import type { Pubkey } from '../../../src/domain/brand'
import type { Accounts } from '../../../src/ports/accounts'
import { testSigner } from '../storage/people'

export interface AccountsStage {
  readonly accounts: Accounts
  /** The same device and tab, loaded anew. */
  readonly reload: () => Accounts
  /** The same device, another tab. */
  readonly newTab: () => Accounts
  readonly pass: (seconds: number) => Promise<void>
  readonly extension: { secret: Uint8Array | null }
}

const PASS = 'correct horse'
export const WORDS = 'leader monkey parrot ring guide accident before fence cannon height naive bean'
/** NIP-06's first test vector. */
const WORDS_HEX = '7f7ff03d123792d6ac594bfa67bf6d0c0ab55b6b1fdb6249303fe861f1ccba9a'

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

  test('an extension is asked again at each load, and a changed account there is not taken for the former', async () => {
    const { accounts, reload, extension } = open()
    expect(await accounts.signInWithExtension()).toEqual({ ok: false, error: { code: 'no-extension' } })
    extension.secret = new Uint8Array(32).fill(5)
    const opened = await accounts.signInWithExtension()
    expect(opened.ok && opened.value.record.kind).toBe('nip07')
    expect((await reload().resume())?.record.pubkey).toBe(testSigner(extension.secret).pubkey)
    extension.secret = new Uint8Array(32).fill(6)
    expect(await reload().resume()).toBeNull()
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
