import type { Event, EventRepositoryUpsertResult, Filter } from '@nostr-relay/common'
import type { EventFile } from './event-file'
import type { EventStore } from './event-store'
import { EventRepository } from '@nostr-relay/common'

/** Our store behind the relay package's repository. */
export class MemoryRepository extends EventRepository {
  constructor(private readonly store: EventStore, private readonly file: EventFile | null, private readonly maxLimit: number) {
    super()
  }

  isSearchSupported(): boolean {
    return false
  }

  upsert(event: Event): EventRepositoryUpsertResult {
    const kept = this.store.add(event)
    if (kept === 'kept')
      this.file?.append(event)
    return { isDuplicate: kept !== 'kept' }
  }

  find(filter: Filter): Event[] {
    return [...this.store.find(filter, this.maxLimit)]
  }

  /** The store applies a deletion when it takes the request in; the request itself is kept for latecomers. */
  override async deleteByDeletionRequest(event: Event): Promise<void> {
    this.upsert(event)
  }

  async destroy(): Promise<void> {
    this.file?.compact(this.store.values())
  }
}
