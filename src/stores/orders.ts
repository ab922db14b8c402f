import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive, shallowRef, toRaw, watch } from 'vue'
import type { OrderKey, Pubkey } from '../domain/brand'
import { splitKey } from '../domain/order/keys'
import { addMessage, createThreadIndex, removeMessage, type ThreadIndex } from '../domain/order/thread-index'
import { whomToAnswer } from '../domain/order/whom-to-answer'
import type { Order, OrderMessage } from '../domain/order/types'
import type { Journal, JournalEntry, StorageError } from '../ports/journal'
import type { Vault } from '../ports/snapshots'
import { useAccountStore } from './account'
import { createChatLog, type ChatLog } from './chat-log'
import { OrderSnapshot, pickSnapshot } from './order-snapshot'
import { accountKey, readSealed } from './persisted'
import { useServices } from './services'

/** Folding goes on in slices, so that thousands of orders make no long task. */
const SLICE_MS = 12
const MOST_REST_MS = 2_000
const SNAPSHOT_DELAY_MS = 1_000

type Fold = typeof import('../domain/order/thread-order')
/** The fold, once it came: only with an account there is anything to be folded. */
let fold: Fold | null = null

const newestFirst = (a: Order, b: Order): number => b.placedAt - a.placedAt || (a.key < b.key ? 1 : -1)

/** Orders of the open account, folded from its journal one thread at a time; the first screen from a sealed snapshot. */
export const useOrdersStore = defineStore('orders', () => {
  const { snapshots, clock, essential = (load: () => Promise<Fold>) => load() } = useServices()
  const account = useAccountStore()
  const byKey = shallowReactive(new Map<OrderKey, Order>())
  const loaded = shallowRef(false)
  const fromSnapshot = shallowRef(false)
  const storageProblem = shallowRef<StorageError | null>(null)
  const waiting = shallowRef(0)
  const counts = shallowRef({ refused: 0, foreign: 0 })
  /** Grows with every change of an order. */
  const revision = shallowRef(0)
  let index: ThreadIndex = createThreadIndex()
  let log: ChatLog = createChatLog(undefined)
  /** Ends with the account: whatever still comes for the former one is dropped. */
  let life = new AbortController()

  function begin(journal: Journal | null): void {
    life.abort()
    life = new AbortController()
    byKey.clear()
    revision.value += 1
    loaded.value = false
    fromSnapshot.value = false
    storageProblem.value = null
    waiting.value = 0
    counts.value = { refused: 0, foreign: 0 }
    log = createChatLog(undefined)
    const { pubkey, vault } = account
    if (journal === null || pubkey === null || vault === null)
      return
    index = createThreadIndex(pubkey)
    log = createChatLog(pubkey)
    void follow({ journal, pubkey, vault, index, signal: life.signal })
  }

  interface Reading { readonly journal: Journal, readonly pubkey: Pubkey, readonly vault: Vault, readonly index: ThreadIndex, readonly signal: AbortSignal }

  async function follow(reading: Reading): Promise<void> {
    fold ??= await essential(() => import('../domain/order/thread-order'))
    if (!reading.signal.aborted)
      await read(reading, fold)
  }

  async function read(reading: Reading, fold: Fold): Promise<void> {
    const { journal, pubkey, vault, index, signal } = reading
    const changed = new Set<OrderKey>()
    let flushing: Promise<void> | null = null
    let flushedAt = Number.NEGATIVE_INFINITY

    const absorb = ({ message, replaces, arrivedAt }: JournalEntry): void => {
      if (replaces !== undefined)
        log.remove(replaces)
      log.add(message, arrivedAt)
      for (const key of replaces === undefined ? [] : removeMessage(index, replaces))
        changed.add(key)
      // Words about no order are in the log alone, which is bounded whoever writes (T20).
      if (message.type === 'chat' && message.orderId === undefined)
        return
      for (const key of addMessage(index, message))
        changed.add(key)
    }
    const flush = async (): Promise<void> => {
      let since = performance.now()
      let orphaned = false
      for (const key of changed) {
        changed.delete(key)
        const order = fold.orderOf(index, key)
        orphaned ||= order === undefined
        if (order === undefined)
          byKey.delete(key)
        else
          byKey.set(key, order)
        if (performance.now() - since > SLICE_MS) {
          await new Promise(resolve => setTimeout(resolve))
          if (signal.aborted)
            return
          since = performance.now()
        }
      }
      if (orphaned || waiting.value > 0)
        waiting.value = waitingFor(fold, index, pubkey)
      counts.value = { ...counts.value, foreign: index.refused }
      revision.value += 1
    }
    /** Orders change in one place, one after the other. What comes after a rest is shown at once; of a stream, the more orders there are the more at one time, since every list is sorted anew. */
    const flushSoon = (): void => {
      const rest = flushedAt + Math.min(MOST_REST_MS, byKey.size / 5) - performance.now()
      flushing ??= new Promise<void>(resolve => rest > 1 ? setTimeout(resolve, rest) : resolve()).then(() => signal.aborted ? undefined : flush()).finally(() => {
        flushing = null
        flushedAt = performance.now()
        if (changed.size > 0 && !signal.aborted)
          flushSoon()
      })
    }

    const end = journal.follow((entries, phase) => {
      if (signal.aborted)
        return
      entries.forEach(absorb)
      // A half-read thread would show an older state than the snapshot does.
      if (phase === 'new' && loaded.value)
        flushSoon()
    }, (result) => {
      if (signal.aborted)
        return
      storageProblem.value = result.ok ? null : result.error
      void flush().then(() => {
        if (signal.aborted)
          return
        for (const key of byKey.keys()) {
          if (!index.threads.has(key))
            byKey.delete(key)
        }
        revision.value += 1
        loaded.value = true
        fromSnapshot.value = false
        if (changed.size > 0)
          flushSoon()
      })
    })
    signal.addEventListener('abort', end, { once: true })
    await showSnapshot(fold, pubkey, vault, signal)
    keepSnapshot(fold, reading)
  }

  /** Threads without their order, of merchants whom we ordered from: others are nobody's business (orders.md §5.9). */
  function waitingFor({ orphansOf }: Fold, index: ThreadIndex, me: Pubkey): number {
    const ours = new Set([...toRaw(byKey).values()].map(({ merchant }) => merchant))
    return [...orphansOf(index, clock.now()).orphans.keys()].map(splitKey).filter(parts => parts?.shopper === me && ours.has(parts.merchant)).length
  }

  const place = (pubkey: Pubkey, vault: Vault) => ({ snapshots, key: accountKey(pubkey, 'orders'), version: 1, schema: OrderSnapshot, vault })

  async function showSnapshot({ orderOf }: Fold, pubkey: Pubkey, vault: Vault, signal: AbortSignal): Promise<void> {
    const found = await readSealed(place(pubkey, vault))
    if (!found.ok || found.value === undefined || signal.aborted || loaded.value)
      return
    const remembered = createThreadIndex(pubkey)
    const keys = new Set(found.value.flatMap(message => addMessage(remembered, message)))
    for (const key of keys) {
      const order = orderOf(remembered, key)
      if (order !== undefined && !byKey.has(key))
        byKey.set(key, order)
    }
    fromSnapshot.value = byKey.size > 0
    revision.value += 1
  }

  function keepSnapshot({ messagesOfOrder }: Fold, { pubkey, vault, index, signal }: Reading): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    const messagesOf = (key: OrderKey): readonly OrderMessage[] => messagesOfOrder(index, key)
    const write = async (): Promise<void> => {
      timer = undefined
      if (signal.aborted || !loaded.value)
        return
      const { key, version } = place(pubkey, vault)
      const written = await snapshots.writeSealed(key, version, pickSnapshot(byKey.values(), messagesOf), vault)
      // The journal has it all; a snapshot that found no room only makes the next start slower.
      if (!written.ok && written.error.code !== 'storage-full' && !signal.aborted)
        storageProblem.value ??= written.error
    }
    const stop = watch([loaded, revision], () => {
      timer ??= setTimeout(() => void write(), SNAPSHOT_DELAY_MS)
    }, { immediate: true })
    signal.addEventListener('abort', () => {
      stop()
      clearTimeout(timer)
    }, { once: true })
  }

  /**
   * Messages between the two that name no order, since it was placed, with those that do: peers cannot say which order
   * they write about, and digital goods come that way (nip15.md §9).
   */
  function chatOf(key: OrderKey): Order['chat'] {
    // A message that names no order changes none.
    void revision.value
    const order = byKey.get(key)
    if (order === undefined)
      return []
    const other = order.merchant === account.pubkey ? whomToAnswer(order) : order.merchant
    const loose = [...log.people.get(other)?.values() ?? []].flatMap(({ message }) => message.orderId === undefined && message.sentAt >= order.placedAt ? [message] : [])
    const said = loose.map(({ id, author, text, sentAt, token }) => ({ id, by: author === order.merchant ? 'merchant' as const : 'shopper' as const, text, at: sentAt, ...(token !== undefined && { token }) }))
    return [...order.chat, ...said].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  }

  /** Under any of its names: what turned out to be a part of another order is that one. */
  function get(key: OrderKey): Order | undefined {
    const order = byKey.get(key)
    if (order !== undefined)
      return order
    void revision.value
    return fold === null ? undefined : byKey.get(fold.ownerOf(index, key))
  }

  const stop = watch(() => account.journal, begin, { immediate: true, flush: 'sync' })
  onScopeDispose(() => {
    stop()
    life.abort()
  })

  const sorted = computed(() => {
    // One change for many orders, and no watching of each of ten thousand.
    void revision.value
    return [...toRaw(byKey).values()].sort(newestFirst)
  })
  return {
    byKey: byKey as ReadonlyMap<OrderKey, Order>,
    asShopper: computed(() => sorted.value.filter(order => order.shopper === account.pubkey)),
    asMerchant: computed(() => sorted.value.filter(order => order.merchant === account.pubkey)),
    get,
    chatOf,
    /** Grows with every change, of messages about no order too. */
    revision,
    /** What people and we have said to each other, as far as the journal was read. Follow `revision`. */
    chats: (): ChatLog['people'] => log.people,
    /** What throw-away keys say of orders, by `party:id` (gamma.md §8.1). Follow `revision`. */
    unattributed: () => [...index.loose.values()].flatMap(messages => [...messages.values()].flatMap(message => message.type === 'unattributed' ? [message] : [])),
    /** The journal was read. */
    loaded,
    /** Shown so far: what this device remembered. */
    fromSnapshot,
    /** Orders that are missing here though a merchant we ordered from speaks of them. */
    waiting,
    /** Messages that could not be read, and such as by the wrong author (T3). */
    counts,
    countRefused: (refused: number): void => { counts.value = { ...counts.value, refused: counts.value.refused + refused } },
    storageProblem,
  }
})
