import type { EventId, Seconds } from '../brand'
import type { OrderMessage, Role } from './types'

/** Where something stands in a thread: by time, then by id as text (orders.md §5.3). Arrival plays no part. */
export interface Position { readonly at: Seconds, readonly id: EventId }

/** One message of a thread with its author's role in it, its time within bounds. */
export interface Entry extends Position { readonly by: Role, readonly message: OrderMessage }

export const comparePositions = (a: Position, b: Position): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

export const isBefore = (a: Position, b: Position): boolean => comparePositions(a, b) < 0

export const earliest = <P extends Position>(a: P | null, b: P): P => a !== null && isBefore(a, b) ? a : b

export const bySentAtThenId = (a: OrderMessage, b: OrderMessage): number =>
  a.sentAt - b.sentAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
