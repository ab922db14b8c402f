import type { Seconds } from '../brand'
import { isBefore, type Entry, type Position } from './sequence'
import type { FulfilmentWord, Order, Role, StatusMessage } from './types'

export interface Said extends Position { readonly by: Role }

export interface Fulfilled {
  readonly shipped: boolean
  /** When the parcel left, of the run in force. */
  readonly shippedSince: Position | null
  /** On and off, in sequence. */
  readonly toggles: readonly (Position & { readonly on: boolean })[]
  /** First time of each word still in force. */
  readonly words: ReadonlyMap<FulfilmentWord, Said>
  readonly exception: boolean
  readonly tracking: Order['tracking']
  readonly statusText: string
}

const ON_THE_WAY = ['in_transit', 'out_for_delivery'] as const satisfies readonly FulfilmentWord[]
const MOVING: ReadonlySet<FulfilmentWord> = new Set([...ON_THE_WAY, 'delivered', 'completed'])

/** Accumulating words, and what the newest statement replaces field by field (orders.md §5.6). */
export function gatherFulfilment(entries: readonly Entry[]): Fulfilled {
  const words = new Map<FulfilmentWord, Said>()
  const toggles: (Position & { readonly on: boolean })[] = []
  const say = (word: FulfilmentWord, said: Said): void => {
    if (!words.has(word))
      words.set(word, said)
  }
  let shippedSince: Position | null = null
  let exception = false
  let tracking: Order['tracking'] = null
  let statusText = ''

  for (const { at, id, by, message } of entries) {
    if (message.type !== 'status')
      continue
    const said = { at, id, by }
    if (message.word !== undefined)
      sayWord(message.word, said, say)
    if (by !== 'merchant')
      continue
    if (message.shipped === false) {
      shippedSince = null
      for (const word of ON_THE_WAY)
        words.delete(word)
    }
    if (message.shipped === true)
      shippedSince ??= { at, id }
    if (message.shipped !== undefined)
      toggles.push({ at, id, on: message.shipped })
    if (message.word === 'exception')
      exception = true
    else if (message.shipped !== undefined || (message.word !== undefined && MOVING.has(message.word)))
      exception = false
    tracking = track(tracking, message.tracking)
    statusText = textOf(message) ?? statusText
  }
  return { shipped: shippedSince !== null, shippedSince, toggles, words, exception, tracking, statusText }
}

function sayWord(word: FulfilmentWord, said: Said, say: (word: FulfilmentWord, said: Said) => void): void {
  switch (word) {
    case 'delivered':
      say(word, said)
      return
    case 'completed':
      // The shopper's "received" closes the order, and says that it arrived.
      if (said.by === 'shopper')
        say('delivered', said)
      say(word, said)
      return
    case 'processing':
      if (said.by === 'merchant')
        say('accepted', said)
  }
  if (said.by === 'merchant')
    say(word, said)
}

/** Field by field: an absent one keeps what was said before. */
function track(known: Order['tracking'], news: StatusMessage['tracking']): Order['tracking'] {
  if (news === undefined)
    return known
  return {
    carrier: news.carrier ?? known?.carrier ?? '',
    number: news.number ?? known?.number ?? '',
    url: news.url ?? known?.url ?? '',
    eta: news.eta ?? known?.eta ?? '',
  }
}

/** NIP-15 always sends the field, and null empties it; elsewhere no text says nothing. */
const textOf = (message: StatusMessage): string | undefined =>
  message.text !== '' || message.dialect === 'nip15' ? message.text : undefined

/** Whether goods were under way, arrived or closed before this point; what was taken back does not count. */
export function movedBefore(fulfilled: Fulfilled, point: Position): 'completed' | 'shipped' | null {
  const before = (word: FulfilmentWord): boolean => {
    const said = fulfilled.words.get(word)
    return said !== undefined && isBefore(said, point)
  }
  if (before('completed'))
    return 'completed'
  const shipped = fulfilled.toggles.findLast(toggle => isBefore(toggle, point))?.on === true
  return shipped || before('delivered') || ON_THE_WAY.some(before) ? 'shipped' : null
}

/** Whether the merchant let goods go after this point. */
export function movedAfter(fulfilled: Fulfilled, point: Position): boolean {
  const { words, toggles } = fulfilled
  return toggles.some(toggle => toggle.on && isBefore(point, toggle))
    || [...ON_THE_WAY, 'delivered' as const].some((word) => {
      const said = words.get(word)
      return said !== undefined && said.by === 'merchant' && isBefore(point, said)
    })
}

export function timesOf(words: Fulfilled['words']): Readonly<Partial<Record<FulfilmentWord, Seconds>>> {
  const times: Partial<Record<FulfilmentWord, Seconds>> = {}
  for (const [word, { at }] of words)
    times[word] = at
  return times
}
