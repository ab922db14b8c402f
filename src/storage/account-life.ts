import type { Pubkey, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { OpenAccount } from '../ports/accounts'
import type { Clock } from '../ports/clock'
import type { splitSecret } from './split-secret'

type Bytes = Uint8Array<ArrayBuffer>
interface Open { readonly account: OpenAccount, readonly secret: Bytes | null, readonly life: AbortController }

const LOCK_AFTER_SECONDS = 15 * 60
/** How often the lock time is looked at, and at most written: a laptop that slept is locked at once when it wakes. */
const LOOK_SECONDS = 15

/** The one account that is open in this tab, and when it locks. `session`: the halves that a reload of this tab finds. */
export function accountLife(session: ReturnType<typeof splitSecret>, clock: Clock) {
  const now = () => clock.now()
  const listeners = new Set<() => void>()
  let open: Open | null = null
  let lockAfter = LOCK_AFTER_SECONDS
  let lockAt: Seconds | null = null
  let writtenAt = 0

  const nextLock = (): Seconds | null => lockAfter === 0 ? null : toSeconds(now() + lockAfter)

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

  const isOpen = (pubkey: Pubkey): boolean => open?.account.record.pubkey === pubkey

  return {
    close,
    lock,
    nextLock,
    isOpen,
    setLockAt: (at: Seconds | null): void => { lockAt = at },
    lockAt: () => lockAt,
    secretOf: (pubkey: Pubkey): Bytes | null => isOpen(pubkey) ? open?.secret ?? null : null,
    signer: () => open?.account.signer ?? null,
    begin(account: OpenAccount, secret: Bytes | null): void {
      close()
      const life = new AbortController()
      open = { account, secret, life }
      if (account.record.kind !== 'local')
        return
      lockAt ??= nextLock()
      void watch(life.signal)
    },
    setLockAfter(seconds: number): void {
      lockAfter = seconds
      if (open?.account.record.kind === 'local') {
        lockAt = nextLock()
        session.postpone(lockAt)
      }
    },
    touch(): void {
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
    onLock(listener: () => void) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
  }
}
