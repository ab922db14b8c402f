import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { isPubkey, type Pubkey } from '../domain/brand'
import { err, ok, type Result } from '../domain/result'
import type { AccountRecord, OpenAccount, SignInError } from '../ports/accounts'
import type { Journal } from '../ports/journal'
import { useServices } from './services'

type Entered = Promise<Result<void, SignInError>>

/** Who is signed in, locked or not; and the journal of the open account. */
export const useAccountStore = defineStore('account', () => {
  const { accounts, openJournal } = useServices()
  const open = shallowRef<OpenAccount & { readonly journal: Journal } | null>(null)
  const records = shallowRef<readonly AccountRecord[]>(accounts.list())
  /** Chosen on this device, open or not. */
  const chosen = shallowRef<AccountRecord | null>(accounts.current())
  const resumed = shallowRef(false)
  const running = shallowRef(0)

  const state = computed<'starting' | 'none' | 'locked' | 'open'>(() => {
    if (open.value !== null)
      return 'open'
    if (!resumed.value)
      return 'starting'
    return chosen.value === null ? 'none' : 'locked'
  })

  onScopeDispose(accounts.onLock(left))

  function left(): void {
    open.value?.journal.close()
    open.value = null
    refresh()
  }

  function refresh(): void {
    records.value = accounts.list()
    chosen.value = accounts.current()
  }

  function enter(account: OpenAccount): void {
    open.value?.journal.close()
    open.value = { ...account, journal: openJournal(account.record.pubkey, account.vault) }
    resumed.value = true
    refresh()
  }

  async function busily<T>(work: () => Promise<T>): Promise<T> {
    running.value += 1
    try {
      return await work()
    }
    finally {
      running.value -= 1
    }
  }

  const entering = (work: () => Promise<Result<OpenAccount, SignInError>>): Entered => busily(async () => {
    const opened = await work()
    if (!opened.ok)
      return opened
    enter(opened.value)
    return ok(undefined)
  })

  /** Opens what needs no passphrase, or is still unlocked in this tab. Once, at the start. */
  const resume = (): Promise<void> => busily(async () => {
    const account = await accounts.resume()
    // Somebody signed in while the extension was still thinking.
    if (account !== null && open.value === null)
      enter(account)
    resumed.value = true
    refresh()
  })

  const exportKey = (passphrase: string): Promise<Result<string, SignInError>> => busily(async () => {
    const pubkey = open.value?.record.pubkey ?? chosen.value?.pubkey
    return pubkey === undefined ? err({ code: 'unsupported' }) : accounts.exportKey(pubkey, passphrase)
  })

  function markBackedUp(): void {
    if (open.value === null)
      return
    accounts.markBackedUp(open.value.record.pubkey)
    open.value = { ...open.value, record: { ...open.value.record, backedUp: true } }
    refresh()
  }

  /** `keepData` false leaves nothing of the account on this device (T15). */
  const signOut = ({ keepData }: { readonly keepData: boolean }): Promise<void> => busily(async () => {
    const pubkey = open.value?.record.pubkey ?? chosen.value?.pubkey
    const journal = open.value?.journal
    if (keepData || pubkey === undefined) {
      accounts.leave()
    }
    else {
      await journal?.clear()
      await accounts.forget(pubkey)
    }
    left()
  })

  return {
    record: computed(() => open.value?.record ?? chosen.value),
    pubkey: computed<Pubkey | null>(() => open.value?.record.pubkey ?? null),
    signer: computed(() => open.value?.signer ?? null),
    vault: computed(() => open.value?.vault ?? null),
    /** What this device knows of the open account's private messages. */
    journal: computed(() => open.value?.journal ?? null),
    state,
    records,
    /** A key made for one order. The sandbox's people rest in the same way, but under a name of their own. */
    isGuest: computed(() => open.value?.record.kind === 'guest' && open.value.record.label === ''),
    busy: computed(() => running.value > 0),
    resume,
    signInWithExtension: (): Entered => entering(() => accounts.signInWithExtension()),
    newKey: () => busily(() => accounts.newKey()),
    keepKey: (secret: string, passphrase: string, label: string, backedUp: boolean): Entered =>
      entering(() => accounts.keepKey(secret, passphrase, label, backedUp)),
    unlock: (pubkey: string, passphrase: string): Entered =>
      entering(async () => isPubkey(pubkey) ? accounts.unlock(pubkey, passphrase) : err({ code: 'unsupported' })),
    /** A key made for one order; `persona`: one of the sandbox's people, who needs no passphrase either. */
    startGuest: (persona?: { readonly secret: string, readonly label: string }): Entered => entering(() => accounts.newGuest(persona)),
    exportKey,
    markBackedUp,
    setLockAfter: (minutes: number): void => accounts.setLockAfter(minutes * 60),
    touch: (): void => accounts.touch(),
    lock: async (): Promise<void> => {
      accounts.lock()
      left()
    },
    signOut,
  }
})
