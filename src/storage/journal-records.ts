import type { DBSchema } from 'idb'
import * as v from 'valibot'
import type { EventId, Seconds } from '../domain/brand'
import type { OrderMessage } from '../domain/order/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Delivery, JournalEntry, StorageError } from '../ports/journal'
import type { Vault } from '../ports/snapshots'
import { JOURNAL_RECORD, journalSteps, upgrade } from './migrations'
import { hintOfMessage, hintOfOrder } from './thread-hint'

/** What of a message stands open on the disk: its id, its times, a hash of its thread. The rest is sealed (T14). */
export interface MessageRecord { v: number, id: string, sentAt: number, arrivedAt: number, thread: string, sealed: string }
/** `open` is there only while the delivery waits, so that its index holds nothing else. */
export interface DeliveryRecord { v: number, id: string, message: string, thread: string, queuedAt: number, deliveredAt: number | null, open?: 1, sealed: string }
/** What could not be read, as it was found. */
export interface AsideRecord { id: string, store: 'messages' | 'deliveries', at: number, record: unknown }

/** Ids of public events; what they hold is sealed. */
export interface CarrierRecord { id: string, at: number, spoilt: string, stamp?: number, sealed?: string }

export interface JournalSchema extends DBSchema {
  messages: { key: string, value: MessageRecord, indexes: { order: [number, string], thread: string } }
  deliveries: { key: string, value: DeliveryRecord, indexes: { message: string, thread: string, open: number, deliveredAt: number } }
  aside: { key: string, value: AsideRecord }
  carriers: { key: string, value: CarrierRecord, indexes: { at: number } }
}

const Shell = v.object({ v: v.number(), id: v.string(), arrivedAt: v.number(), sealed: v.string() })
/** Sealed by ourselves and authenticated: its inside is believed beyond the fields that everything hangs on. */
const MessageInside = v.looseObject({ id: v.string(), type: v.string(), author: v.string(), receiver: v.string(), sentAt: v.number() })
const DeliveryInside = v.looseObject({ id: v.string(), message: v.string(), to: v.string(), plaintext: v.string(), queuedAt: v.number() })

const isMessage = (value: unknown): value is OrderMessage => v.is(MessageInside, value)
const isDelivery = (value: unknown): value is Delivery => v.is(DeliveryInside, value)

export async function sealMessage(vault: Vault, message: OrderMessage, arrivedAt: Seconds): Promise<MessageRecord> {
  const { id, sentAt } = message
  return { v: JOURNAL_RECORD, id, sentAt, arrivedAt, thread: hintOfMessage(message), sealed: await vault.seal(message) }
}

export async function sealDelivery(vault: Vault, delivery: Delivery): Promise<DeliveryRecord> {
  const { id, message, order, queuedAt, deliveredAt } = delivery
  const waits = deliveredAt === null && delivery.stopped === null
  const sealed = await vault.seal(delivery)
  return { v: JOURNAL_RECORD, id, message, thread: order === null ? '' : hintOfOrder(order), queuedAt, deliveredAt, ...waits ? { open: 1 } : {}, sealed }
}

async function open(vault: Vault, version: number, sealed: string): Promise<Result<unknown, StorageError>> {
  const inside = await vault.unseal(sealed)
  return inside.ok ? upgrade(journalSteps, version, inside.value) : inside
}

export async function openMessage(vault: Vault, record: unknown): Promise<Result<JournalEntry, StorageError>> {
  const shell = v.safeParse(Shell, record)
  if (!shell.success)
    return err({ code: 'storage-corrupt' })
  const inside = await open(vault, shell.output.v, shell.output.sealed)
  if (!inside.ok)
    return inside
  if (!isMessage(inside.value) || inside.value.id !== shell.output.id)
    return err({ code: 'storage-corrupt' })
  return ok({ message: inside.value, arrivedAt: shell.output.arrivedAt as Seconds })
}

export async function openDelivery(vault: Vault, record: DeliveryRecord): Promise<Result<Delivery, StorageError>> {
  const inside = await open(vault, record.v, record.sealed)
  if (!inside.ok)
    return inside
  return isDelivery(inside.value) ? ok(inside.value) : err({ code: 'storage-corrupt' })
}

/** Ids come back from our own keys: minted when they were written. */
export const asEventId = (id: string): EventId => id as EventId
