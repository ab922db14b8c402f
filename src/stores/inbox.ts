import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { StorageError } from '../ports/journal'
import type { Inbox, InboxProgress } from '../ports/mail'

export const emptyInbox: InboxProgress = { caughtUp: false, unopened: 0, opening: null, held: null, refused: 0, muteRelays: [] }

/** How far the open account's private messages are here, and which relays may hide some. */
export const useInboxStore = defineStore('inbox', () => {
  const progress = shallowRef<InboxProgress>(emptyInbox)
  /** Why what came could not be kept. */
  const problem = shallowRef<StorageError | null>(null)
  /** Grows with what nobody can read. */
  const spoilt = shallowRef(0)
  let open: Pick<Inbox, 'openWaiting' | 'pauseOpening'> | null = null
  return {
    spoilt,
    spoiltMore: (): void => { spoilt.value += 1 },
    /** Asked for by the person: the signer opens what waits for it. */
    openWaiting: (): void => open?.openWaiting(),
    pauseOpening: (): void => open?.pauseOpening(),
    /** The inbox that is open now. */
    opened: (inbox: typeof open): void => { open = inbox },
    progress,
    problem,
    report: (next: InboxProgress): void => { progress.value = next },
    kept: (error: StorageError | null): void => { problem.value = error },
  }
})
