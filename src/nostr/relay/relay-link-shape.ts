import type { RelayUrl } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import type { Clock } from '../../ports/clock'
import type { PublishAnswer, RelayStatus } from '../../ports/relays'
import type { Gate } from '../gate'
import type { Consent } from './relay-auth'
import type { FetchInfo } from './relay-document'
import type { OpenSocket } from './relay-line'
import type { Reconciler } from './relay-reconcile'
import type { RelayRequest } from './relay-request'

/** One relay and all that goes on with it. */
export interface RelayLink {
  readonly url: RelayUrl
  status(): RelayStatus
  /** Asks, and asks again after every reconnection, until the returned function is called. */
  request(request: RelayRequest): () => void
  publish(event: NostrEvent): Promise<PublishAnswer>
  /** NIP-77, where the relay says that it has it. */
  compare: Reconciler['compare']
  setConsent(consent: Consent | null, another: boolean): void
  /** Waits until few enough of this relay's events are unchecked: nobody asks for more than can be worked off. */
  room(): Promise<void>
  retryNow(): void
  /** Nobody has any use for it now. */
  isIdle(): boolean
  /** Ends an idle connection before its time. */
  rest(): void
  close(): void
}

export interface LinkParts {
  readonly url: RelayUrl
  readonly clock: Clock
  readonly gate: Gate
  readonly openSocket: OpenSocket
  readonly fetchInfo: FetchInfo
  readonly onChange: () => void
}
