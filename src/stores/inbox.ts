import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { StorageError } from '../ports/journal'
import type { InboxProgress } from '../ports/mail'

export const emptyInbox: InboxProgress = { caughtUp: false, unopened: 0, opening: null, held: null, refused: 0, muteRelays: [] }

/** How far the open account's private messages are here, and which relays may hide some. */
export const useInboxStore = defineStore('inbox', () => {
  const progress = shallowRef<InboxProgress>(emptyInbox)
  /** Why what came could not be kept. */
  const problem = shallowRef<StorageError | null>(null)
  /** Asked for by the person: everything is read and offered to the signer once more. */
  const rounds = shallowRef(0)
  return {
    rounds,
    openAgain: (): void => { rounds.value += 1 },
    progress,
    problem,
    report: (next: InboxProgress): void => { progress.value = next },
    kept: (error: StorageError | null): void => { problem.value = error },
  }
})
