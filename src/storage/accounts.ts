import type { Pubkey, Seconds } from '../domain/brand'
import { isPubkey, toSeconds } from '../domain/brand'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Accounts, OpenAccount, SignInError } from '../ports/accounts'
import type { Clock } from '../ports/clock'
import type { Signer, SignerError } from '../ports/signer'
import type { KeptAccount } from './account-records'
import { accountBook, recordOf } from './account-records'
import { accountPrefix } from './account-names'
import type { DeviceKeys } from './device-keys'
import type { KeyMaths } from './key-maths'
import { readKeyText, toNsec } from './key-text'
import type { DeviceText } from './key-value'
import { OURS } from './key-value'
import { splitSecret } from './split-secret'
import { openTabChannel } from './tabs'
import { forgetEverything } from './forget'
import type { VaultError } from './vault'
import { openVault } from './vault'

export interface AccountsOptions {
  /** localStorage, sessionStorage, and the store of non-extractable keys. */
  readonly device: DeviceText
  readonly tab: DeviceText
  readonly keys: DeviceKeys
  readonly maths: KeyMaths
  readonly clock: Clock
  readonly createLocalSigner: (secret: Uint8Array, kind: 'local' | 'guest') => Signer
  readonly connectExtension: () => Promise<Result<Signer, SignerError>>
  /** scrypt cost of keys at rest; 16 unless a test says less. */
  readonly logN?: number
}

type Opened = Result<OpenAccount, SignInError>
type Bytes = Uint8Array<ArrayBuffer>

export const PASSPHRASE_MIN = 8
const LOCK_AFTER_SECONDS = 15 * 60
/** How often the lock time is looked at, and at most written: a laptop that slept is locked at once when it wakes. */
const LOOK_SECONDS = 15
const SESSION_KEYS_KEPT_SECONDS = 30 * 24 * 3600

const failed = (code: SignInError['code']) => err<SignInError>({ code })
const isWeak = (passphrase: string) => [...passphrase.normalize('NFKC')].length < PASSPHRASE_MIN

function signInError(code: VaultError): SignInError['code'] {
  if (code === 'declined' || code === 'wrong-account' || code === 'storage-full')
    return code
  return code === 'storage-newer' ? 'storage-off' : 'unsupported'
}

/** See docs/decisions/0003-keys-at-rest.md for what rests where, and what that protects. */
export function createAccounts({ device, tab, keys, maths, clock, createLocalSigner, connectExtension, logN = 16 }: AccountsOptions): Accounts {
  const now = () => clock.now()
  const book = accountBook(device.store, now)
  const session = splitSecret(tab.store, `${OURS}session`, 'session', keys, now)
  const guestOf = (pubkey: Pubkey) => splitSecret(device.store, `${OURS}${accountPrefix(pubkey)}:guest`, 'guest', keys, now)
  const listeners = new Set<() => void>()
  let open: { readonly account: OpenAccount, readonly secret: Bytes | null, readonly life: AbortController } | null = null
  let lockAfter = LOCK_AFTER_SECONDS
  let lockAt: Seconds | null = null
  let writtenAt = 0

  /** Forgotten in another tab: this one has nothing of it any more either (T15). */
  const channel = openTabChannel('souk-accounts', (message) => {
    if (!isPubkey(message))
      return
    void session.dropOf(message)
    if (open?.account.record.pubkey === message)
      close()
  })

  /** Ends what is open in this tab; the halves of the session are dropped by those who lock. */
  function close(): void {
    if (!open)
      return
    const { account, secret, life } = open
    open = null
    life.abort()
    secret?.fill(0)
    account.signer.close()
    account.vault.close()
    for (const listener of [...listeners])
      listener()
  }

  function lock(): void {
    void session.drop()
    close()
  }

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = lockAt === null ? LOOK_SECONDS : lockAt - now()
      if (left <= 0)
        return lock()
      await clock.sleep(Math.min(left, LOOK_SECONDS) * 1000, signal)
    }
  }

  const nextLock = (): Seconds | null => lockAfter === 0 ? null : toSeconds(now() + lockAfter)

  async function begin(kept: KeptAccount, signer: Signer, secret: Bytes | null): Promise<Opened> {
    close()
    const vault = await openVault(device, signer)
    if (!vault.ok) {
      signer.close()
      return failed(signInError(vault.error))
    }
    const written = book.keep(kept)
    if (!written.ok) {
      signer.close()
      vault.value.close()
      return failed(written.error)
    }
    const account = { record: recordOf(kept), signer, vault: vault.value }
    const life = new AbortController()
    open = { account, secret, life }
    if (kept.kind === 'local') {
      lockAt ??= nextLock()
      void watch(life.signal)
    }
    return ok(account)
  }

  /** Begins with a key at hand, and keeps it for this tab's reloads. */
  async function beginLocal(kept: KeptAccount, secret: Bytes): Promise<Opened> {
    lockAt = nextLock()
    const signer = createLocalSigner(new Uint8Array(secret), 'local')
    const opened = await begin(kept, signer, secret)
    if (opened.ok)
      await session.keep(kept.pubkey, secret, lockAt)
    return opened
  }

  const fresh = (pubkey: Pubkey, kind: KeptAccount['kind'], label: string): KeptAccount =>
    ({ pubkey, kind, label: label.slice(0, 200), createdAt: now(), backedUp: kind === 'nip07', ncryptsec: '' })

  async function secretOf(pasted: string, passphrase: string): Promise<Result<Bytes, SignInError>> {
    const text = readKeyText(pasted)
    if (!text)
      return failed('not-a-key')
    if (text.form === 'secret')
      return ok(text.secret)
    if (text.form === 'words') {
      const secret = await maths.fromWords(text.words)
      return secret ? ok(new Uint8Array(secret)) : failed('bad-words')
    }
    const secret = await maths.unlock(text.text, passphrase)
    return secret ? ok(new Uint8Array(secret)) : failed('wrong-passphrase')
  }

  /** A number that is no point of the curve throws in the signer: it is no key. */
  function signerOf(secret: Bytes, kind: 'local' | 'guest'): Signer | null {
    try {
      return createLocalSigner(new Uint8Array(secret), kind)
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
      const kept = book.current()
      if (!kept)
        return null
      if (kept.kind === 'nip07') {
        const signer = await extension()
        const opened = signer.ok && signer.value.pubkey === kept.pubkey ? await begin(kept, signer.value, null) : null
        return opened?.ok ? opened.value : null
      }
      lockAt = kept.kind === 'local' ? session.lockAt() : null
      const secret = await (kept.kind === 'guest' ? guestOf(kept.pubkey) : session).open(kept.pubkey)
      if (!secret)
        return null
      const opened = await begin(kept, createLocalSigner(new Uint8Array(secret), kept.kind), secret)
      return opened.ok ? opened.value : null
    },
    async signInWithExtension() {
      const signer = await extension()
      if (!signer.ok)
        return signer
      return begin(book.find(signer.value.pubkey) ?? fresh(signer.value.pubkey, 'nip07', ''), signer.value, null)
    },
    async newKey() {
      const { words, secret } = await maths.newWords()
      const signer = createLocalSigner(new Uint8Array(secret), 'local')
      signer.close()
      return { nsec: toNsec(secret), words, pubkey: signer.pubkey }
    },
    async keepKey(pasted, passphrase, label, backedUp) {
      if (isWeak(passphrase))
        return failed('weak-passphrase')
      const secret = await secretOf(pasted, passphrase)
      if (!secret.ok)
        return secret
      const signer = signerOf(secret.value, 'local')
      if (!signer)
        return failed('not-a-key')
      const { pubkey } = signer
      signer.close()
      const ncryptsec = await maths.lock(secret.value, passphrase, logN)
      const opened = await beginLocal({ ...fresh(pubkey, 'local', label), backedUp, ncryptsec }, secret.value)
      // A guest who keeps the key needs no half on the disk any more.
      if (opened.ok)
        await guestOf(pubkey).drop()
      return opened
    },
    async unlock(pubkey, passphrase) {
      const kept = book.find(pubkey)
      if (!kept || kept.ncryptsec === '')
        return failed('unsupported')
      const secret = await maths.unlock(kept.ncryptsec, passphrase)
      return secret ? beginLocal(kept, new Uint8Array(secret)) : failed('wrong-passphrase')
    },
    async newGuest(persona) {
      const text = persona && readKeyText(persona.secret)
      if (persona && text?.form !== 'secret')
        return failed('not-a-key')
      const secret = text?.form === 'secret' ? text.secret : crypto.getRandomValues(new Uint8Array(32))
      const signer = signerOf(secret, 'guest')
      if (!signer)
        return failed('not-a-key')
      await guestOf(signer.pubkey).keep(signer.pubkey, secret, null)
      return begin(fresh(signer.pubkey, 'guest', persona?.label ?? ''), signer, secret)
    },
    async exportKey(pubkey, passphrase) {
      if (isWeak(passphrase))
        return failed('weak-passphrase')
      if (open?.account.record.pubkey === pubkey && open.secret)
        return ok(await maths.lock(open.secret, passphrase, logN))
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
    setLockAfter(seconds) {
      lockAfter = seconds
      if (open?.account.record.kind === 'local') {
        lockAt = nextLock()
        session.postpone(lockAt)
      }
    },
    touch() {
      if (open?.account.record.kind !== 'local')
        return
      if (lockAt !== null && lockAt <= now())
        return lock()
      lockAt = nextLock()
      if (now() - writtenAt < LOOK_SECONDS)
        return
      writtenAt = now()
      session.postpone(lockAt)
    },
    lock,
    onLock(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    leave() {
      lock()
      book.choose(null)
    },
    async forget(pubkey) {
      if (open?.account.record.pubkey === pubkey)
        lock()
      channel.tell(pubkey)
      await session.dropOf(pubkey)
      await guestOf(pubkey).drop()
      book.remove(pubkey)
      await forgetEverything(pubkey, device.store, tab.store)
    },
  }
}
