import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { isPubkey, type Pubkey, type RelayUrl } from '../domain/brand'
import { err, ok, type Result } from '../domain/result'
import type { AccountRecord, OpenAccount, SignInError } from '../ports/accounts'
import type { Journal } from '../ports/journal'
import type { Pairing } from '../ports/remote-signer'
import { asksSomebody, type SignerPresence } from '../ports/signer'
import { accountKey } from './persisted'
import { useServices } from './services'

const ready: SignerPresence = { state: 'ready' }

type Entered = Promise<Result<void, SignInError>>

/** Who is signed in, locked or not; and the journal of the open account. */
export const useAccountStore = defineStore('account', () => {
  const { accounts, openJournal, snapshots } = useServices()
  const open = shallowRef<OpenAccount & { readonly journal: Journal } | null>(null)
  const records = shallowRef<readonly AccountRecord[]>(accounts.list())
  /** Chosen on this device, open or not. */
  const chosen = shallowRef<AccountRecord | null>(accounts.current())
  const resumed = shallowRef(false)
  const running = shallowRef(0)
  /** By a tap on this page, and not because it was loaded: only then a signer that asks somebody may do so by itself. */
  const cameInByHand = shallowRef(false)
  /** How often somebody has said since then that the signer may be asked. */
  const taps = shallowRef(0)
  /** Whether a signer that is elsewhere answers. */
  const presence = shallowRef<SignerPresence>(ready)
  /** How often a silent signer was heard again: what it left undone can be done then. */
  const returns = shallowRef(0)
  /** Made here and known to nobody yet. */
  let made: string | null = null
  let stopWatching = (): void => undefined
  let resuming: Promise<void> = Promise.resolve()

  const state = computed<'starting' | 'none' | 'locked' | 'open'>(() => {
    if (open.value !== null)
      return 'open'
    if (!resumed.value)
      return 'starting'
    return chosen.value === null ? 'none' : 'locked'
  })

  onScopeDispose(accounts.onLock(left))
  onScopeDispose(() => stopWatching())

  function watchSigner({ presence: remote }: OpenAccount['signer']): void {
    stopWatching()
    presence.value = remote?.current() ?? ready
    stopWatching = remote?.onChange((now) => {
      if (presence.value.state === 'silent' && now.state !== 'silent')
        returns.value += 1
      presence.value = now
    }) ?? (() => undefined)
  }

  function left(): void {
    stopWatching()
    presence.value = ready
    open.value?.journal.close()
    open.value = null
    refresh()
  }

  function refresh(): void {
    records.value = accounts.list()
    chosen.value = accounts.current()
  }

  function enter(account: OpenAccount, byHand: boolean): void {
    open.value?.journal.close()
    cameInByHand.value = byHand
    taps.value = 0
    open.value = { ...account, journal: openJournal(account.record.pubkey, account.vault) }
    resumed.value = true
    watchSigner(account.signer)
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

  function entered(opened: Result<OpenAccount, SignInError>): Result<void, SignInError> {
    if (!opened.ok)
      return opened
    enter(opened.value, true)
    return ok(undefined)
  }

  const entering = (work: () => Promise<Result<OpenAccount, SignInError>>): Entered => busily(async () => entered(await work()))

  /** Opens what needs no passphrase, or is still unlocked in this tab. Once, at the start. */
  const resume = (): Promise<void> => resuming = busily(async () => {
    const account = await accounts.resume()
    // Somebody signed in while the extension was still thinking.
    if (account !== null && open.value === null)
      enter(account, false)
    resumed.value = true
    refresh()
  })

  /** Another account of this device. false: it is chosen now, and must be unlocked or signed in. */
  const switchTo = (pubkey: Pubkey): Promise<boolean> => busily(async () => {
    const account = await accounts.switchTo(pubkey)
    if (account === null)
      left()
    else
      enter(account, true)
    return account !== null
  })

  /** Shown for a signer to scan; whoever answers is signed in. Waiting for it keeps nothing else from being done. */
  async function offerToSigner(relays: readonly RelayUrl[], pairing: Pairing): Promise<{ readonly uri: string, readonly entered: Entered }> {
    const { uri, opened } = await accounts.offerToSigner(relays, pairing)
    return { uri, entered: opened.then(entered) }
  }

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

  /** One that need not be the open one: nothing of it stays on this device (T15). */
  const forget = (pubkey: Pubkey): Promise<void> => open.value?.record.pubkey === pubkey
    ? signOut({ keepData: false })
    : busily(async () => {
        await accounts.forget(pubkey)
        refresh()
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
    /** After it who is signed in is known: at the start that takes a moment. */
    resumed: (): Promise<void> => resuming,
    /** Waits in the background, as a remote signer is waited for: whoever picks another way goes on. */
    signInWithExtension: async (signal?: AbortSignal): Entered => entered(await accounts.signInWithExtension(signal)),
    newKey: () => busily(async () => {
      const key = await accounts.newKey()
      made = key.pubkey
      return key
    }),
    keepKey: (secret: string, passphrase: string, label: string, backedUp: boolean): Entered =>
      entering(async () => {
        const opened = await accounts.keepKey(secret, passphrase, label, backedUp)
        // Before its session begins, which publishes what a newcomer has to (useFirstRelayLists).
        if (opened.ok && opened.value.record.pubkey === made)
          snapshots.write(accountKey(opened.value.record.pubkey, 'newcomer'), 1, true)
        return opened
      }),
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
    switchTo,
    forget,
    /** Waits in the background: `busy` stays as it is. */
    signInWithBunker: async (address: string, pairing: Pairing): Entered => entered(await accounts.signInWithBunker(address, pairing)),
    offerToSigner,
    asksSomebody: computed(() => open.value !== null && asksSomebody(open.value.signer)),
    /** What runs by itself may sign: the key is here, or somebody is there to be asked. */
    maySign: computed(() => open.value !== null && (!asksSomebody(open.value.signer) || cameInByHand.value || taps.value > 0)),
    /** Somebody is there: a signer that asks may be asked by itself. */
    mayAskSigner: computed(() => cameInByHand.value || taps.value > 0),
    taps,
    /** A tap that lets the signer be asked. */
    tapped: (): void => { taps.value += 1 },
    presence,
    signerReturns: computed(() => returns.value),
    retrySigner: (): void => open.value?.signer.presence?.retry(),
  }
})
