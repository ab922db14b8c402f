import type { Pubkey } from '../domain/brand'
import { isPubkey } from '../domain/brand'
import { readBunker } from '../domain/protocol/nip46-uri'
import type { Result } from '../domain/result'
import { ok } from '../domain/result'
import type { Accounts, OpenAccount, SignInError } from '../ports/accounts'
import type { Clock } from '../ports/clock'
import type { Paired, Pairing, RemoteConnection, RemoteSigner, RemoteSigners } from '../ports/remote-signer'
import type { Signer, SignerError } from '../ports/signer'
import type { Vault } from '../ports/snapshots'
import { accountLife } from './account-life'
import { accountPrefix } from './account-names'
import type { KeptAccount } from './account-records'
import { accountBook, recordOf } from './account-records'
import { failed, isWeak, secretIn, signInError } from './account-secrets'
import type { DeviceKeys } from './device-keys'
import { forgetEverything } from './forget'
import type { KeyMaths } from './key-maths'
import { readKeyText, toNsec } from './key-text'
import type { DeviceText } from './key-value'
import { OURS } from './key-value'
import { opensHere } from './opens-here'
import { splitSecret } from './split-secret'
import { openTabChannel } from './tabs'
import { openVault, openVaultKey, vaultWith } from './vault'

export interface AccountsOptions {
  /** localStorage, sessionStorage, and the store of non-extractable keys. */
  readonly device: DeviceText
  readonly tab: DeviceText
  readonly keys: DeviceKeys
  readonly maths: KeyMaths
  readonly clock: Clock
  readonly createLocalSigner: (secret: Uint8Array, kind: 'local' | 'guest') => Signer | Promise<Signer>
  readonly connectExtension: () => Promise<Result<Signer, SignerError>>
  /** The extension of a known account, not asked before it has something to do. */
  readonly laterExtension: (pubkey: Pubkey) => Signer
  readonly remotes: RemoteSigners
  /** scrypt cost of keys at rest; 16 unless a test says less. */
  readonly logN?: number
}

type Opened = Result<OpenAccount, SignInError>
type Bytes = Uint8Array<ArrayBuffer>

const SESSION_KEYS_KEPT_SECONDS = 30 * 24 * 3600

/** See docs/decisions/0003-keys-at-rest.md and 0011 for what rests where, and what that protects. */
export function createAccounts({ device, tab, keys, maths, clock, createLocalSigner, connectExtension, laterExtension, remotes, logN = 16 }: AccountsOptions): Accounts {
  const now = () => clock.now()
  const book = accountBook(device.store, now)
  const session = splitSecret(tab.store, `${OURS}session`, 'session', keys, now)
  const guestOf = (pubkey: Pubkey) => splitSecret(device.store, `${OURS}${accountPrefix(pubkey)}:guest`, 'guest', keys, now)
  const here = opensHere(device.store, keys, now)
  const life = accountLife(session, clock)
  /** To say goodbye to. */
  let remote: RemoteSigner | null = null

  /** Forgotten in another tab: this one has nothing of it any more either (T15). */
  const channel = openTabChannel('souk-accounts', (message) => {
    if (!isPubkey(message))
      return
    void session.dropOf(message)
    if (life.isOpen(message))
      life.close()
  })

  /** Whoever was open before stays so when this fails. */
  function begin(kept: KeptAccount, signer: Signer, secret: Bytes | null, vault: Vault): Opened {
    const written = book.keep(kept)
    if (!written.ok) {
      signer.close()
      vault.close()
      return failed(written.error)
    }
    const account = { record: recordOf(kept), signer, vault }
    life.begin(account, secret)
    return ok(account)
  }

  /** Begins with a key at hand, which opens its vault by itself. */
  async function beginWithKey(kept: KeptAccount, signer: Signer, secret: Bytes): Promise<Opened> {
    const vault = await openVault(device, signer)
    if (vault.ok)
      return begin(kept, signer, secret, vault.value)
    signer.close()
    return failed(signInError(vault.error))
  }

  /** ... and keeps it for this tab's reloads. */
  async function beginLocal(kept: KeptAccount, secret: Bytes): Promise<Opened> {
    life.setLockAt(life.nextLock())
    const opened = await beginWithKey(kept, await createLocalSigner(new Uint8Array(secret), 'local'), secret)
    if (opened.ok)
      await session.keep(kept.pubkey, secret, life.lockAt())
    return opened
  }

  /** Signed in with a signer that has the key: asked this once for the vault, so that later loads need not. */
  async function beginForeign(kind: 'nip07' | 'nip46', signer: Signer, connection: RemoteConnection | null, signal?: AbortSignal): Promise<Opened> {
    const { pubkey } = signer
    const key = await openVaultKey(device, signer)
    // Answered after nobody waited any more: nobody is signed in behind their back.
    if (!key.ok || signal?.aborted) {
      signer.close()
      return failed(key.ok ? 'cancelled' : signInError(key.error))
    }
    await here.keep(pubkey, key.value, connection)
    // A key that rests here stays where it is.
    return begin({ ...fresh(pubkey, kind, ''), ...book.find(pubkey), kind }, signer, null, await vaultWith(key.value))
  }

  async function beginRemote(paired: Paired, { signal, onLink }: Pairing): Promise<Opened> {
    if (!paired.ok)
      return paired
    const end = paired.value.presence.onChange(now => now.state === 'waiting' && now.link !== null ? onLink(now.link) : undefined)
    const opened = await beginForeign('nip46', paired.value, paired.value.connection(), signal)
    end()
    if (opened.ok)
      remote = paired.value
    return opened
  }

  /** What this device keeps opens it; the signer hears nothing of it. */
  async function resumeForeign(kept: KeptAccount, mayAsk: boolean): Promise<OpenAccount | null> {
    const found = await here.open(kept.pubkey)
    if (found === null)
      return kept.kind === 'nip07' && mayAsk ? resumeByAsking(kept.pubkey) : null
    if (kept.kind === 'nip46' && found.connection === null)
      return null
    remote = found.connection === null ? null : await remotes.reopen(found.connection)
    const opened = begin(kept, remote ?? laterExtension(kept.pubkey), null, await vaultWith(found.vaultKey))
    return opened.ok ? opened.value : null
  }

  async function resumeByAsking(pubkey: Pubkey): Promise<OpenAccount | null> {
    const signer = await extension()
    const opened = signer.ok && signer.value.pubkey === pubkey ? await beginForeign('nip07', signer.value, null) : null
    return opened?.ok ? opened.value : null
  }

  /** @param mayAsk a page that loads asks no signer; a person who chose the account wants it to. */
  async function resume(mayAsk: boolean): Promise<OpenAccount | null> {
    const kept = book.current()
    if (!kept)
      return null
    if (kept.kind === 'nip07' || kept.kind === 'nip46')
      return resumeForeign(kept, mayAsk)
    life.setLockAt(kept.kind === 'local' ? session.lockAt() : null)
    const secret = await (kept.kind === 'guest' ? guestOf(kept.pubkey) : session).open(kept.pubkey)
    if (!secret)
      return null
    const opened = await beginWithKey(kept, await createLocalSigner(new Uint8Array(secret), kept.kind), secret)
    return opened.ok ? opened.value : null
  }

  const fresh = (pubkey: Pubkey, kind: KeptAccount['kind'], label: string): KeptAccount =>
    ({ pubkey, kind, label: label.slice(0, 200), createdAt: now(), backedUp: kind === 'nip07' || kind === 'nip46', ncryptsec: '' })

  /** A number that is no point of the curve throws in the signer: it is no key. */
  async function signerOf(secret: Bytes, kind: 'local' | 'guest'): Promise<Signer | null> {
    try {
      return await createLocalSigner(new Uint8Array(secret), kind)
    }
    catch (thrown) {
      if (thrown instanceof Error)
        return null
      throw thrown
    }
  }

  async function extension(): Promise<Result<Signer, SignInError>> {
    const signer = await connectExtension()
    if (signer.ok)
      return signer
    return failed(signer.error.code === 'unavailable' ? 'no-extension' : signer.error.code === 'declined' ? 'declined' : 'unsupported')
  }

  return {
    list: () => book.accounts().map(recordOf),
    current() {
      const kept = book.current()
      return kept && recordOf(kept)
    },
    async resume() {
      await keys.removeOlder('session:', now() - SESSION_KEYS_KEPT_SECONDS)
      return resume(false)
    },
    async switchTo(pubkey) {
      if (!book.find(pubkey))
        return null
      life.lock()
      book.choose(pubkey)
      return resume(true)
    },
    async signInWithBunker(address, pairing) {
      const bunker = readBunker(address)
      return bunker.ok ? beginRemote(await remotes.pair(bunker.value, pairing), pairing) : bunker
    },
    async offerToSigner(relays, pairing) {
      const { uri, paired } = await remotes.offer(relays, pairing)
      return { uri, opened: paired.then(signer => beginRemote(signer, pairing)) }
    },
    async signInWithExtension(signal) {
      const signer = await extension()
      if (signal?.aborted)
        return failed('cancelled')
      return signer.ok ? beginForeign('nip07', signer.value, null, signal) : signer
    },
    async newKey() {
      const { words, secret } = await maths.newWords()
      const signer = await createLocalSigner(new Uint8Array(secret), 'local')
      signer.close()
      return { nsec: toNsec(secret), words, pubkey: signer.pubkey }
    },
    async keepKey(pasted, passphrase, label, backedUp) {
      if (isWeak(passphrase))
        return failed('weak-passphrase')
      const secret = await secretIn(maths, pasted, passphrase)
      if (!secret.ok)
        return secret
      const signer = await signerOf(secret.value, 'local')
      if (!signer)
        return failed('not-a-key')
      const { pubkey } = signer
      signer.close()
      const ncryptsec = await maths.lock(secret.value, passphrase, logN)
      const opened = await beginLocal({ ...fresh(pubkey, 'local', label), backedUp, ncryptsec }, secret.value)
      if (!opened.ok)
        return opened
      // With a passphrase nothing may open it without.
      await guestOf(pubkey).drop()
      await here.drop(pubkey)
      return opened
    },
    async unlock(pubkey, passphrase) {
      const kept = book.find(pubkey)
      if (!kept || kept.ncryptsec === '')
        return failed('unsupported')
      const secret = await maths.unlock(kept.ncryptsec, passphrase)
      return secret ? beginLocal({ ...kept, kind: 'local' }, new Uint8Array(secret)) : failed('wrong-passphrase')
    },
    async newGuest(persona) {
      const text = persona && readKeyText(persona.secret)
      if (persona && text?.form !== 'secret')
        return failed('not-a-key')
      const secret = text?.form === 'secret' ? text.secret : crypto.getRandomValues(new Uint8Array(32))
      const signer = await signerOf(secret, 'guest')
      if (!signer)
        return failed('not-a-key')
      await guestOf(signer.pubkey).keep(signer.pubkey, secret, null)
      return beginWithKey(fresh(signer.pubkey, 'guest', persona?.label ?? ''), signer, secret)
    },
    async exportKey(pubkey, passphrase) {
      if (isWeak(passphrase))
        return failed('weak-passphrase')
      const secret = life.secretOf(pubkey)
      if (secret)
        return ok(await maths.lock(secret, passphrase, logN))
      const kept = book.find(pubkey)
      if (!kept || kept.ncryptsec === '')
        return failed('unsupported')
      return await maths.unlock(kept.ncryptsec, passphrase) ? ok(kept.ncryptsec) : failed('wrong-passphrase')
    },
    markBackedUp(pubkey) {
      const kept = book.find(pubkey)
      if (kept)
        book.replace({ ...kept, backedUp: true })
    },
    setLockAfter: seconds => life.setLockAfter(seconds),
    touch: () => life.touch(),
    lock: () => life.lock(),
    onLock: listener => life.onLock(listener),
    leave() {
      const kept = book.current()
      life.lock()
      book.choose(null)
      // Whoever comes next must not be in by a click: only the signer opens it again.
      if (kept?.kind === 'nip07' || kept?.kind === 'nip46')
        void here.drop(kept.pubkey)
    },
    async forget(pubkey) {
      if (remote !== null && remote.pubkey === pubkey && life.signer() === remote)
        remote.leave()
      if (life.isOpen(pubkey))
        life.lock()
      channel.tell(pubkey)
      await session.dropOf(pubkey)
      await guestOf(pubkey).drop()
      await here.drop(pubkey)
      book.remove(pubkey)
      await forgetEverything(pubkey, device.store, tab.store)
    },
  }
}
