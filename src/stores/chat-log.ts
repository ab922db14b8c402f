import type { EventId, Pubkey, Seconds } from '../domain/brand'
import type { ChatMessage, OrderMessage } from '../domain/order/types'

/** One message between people, with when it came to this device. */
export interface HeardChat { readonly message: ChatMessage, readonly arrivedAt: Seconds }

/** What each person and we have said to each other, about orders or not. Mutable, owned by one store. */
export interface ChatLog {
  readonly people: ReadonlyMap<Pubkey, ReadonlyMap<EventId, HeardChat>>
  add(message: OrderMessage, arrivedAt: Seconds): void
  remove(id: EventId): void
}

const MOST_OF_PERSON = 1_000
const MOST_PEOPLE = 2_000
/** Let go in steps, so that not every message of a flood has to sort. */
const SLACK = 1.25

/** @param me whose device this is; what one writes to oneself is no conversation */
export function createChatLog(me: Pubkey | undefined): ChatLog {
  const people = new Map<Pubkey, Map<EventId, HeardChat>>()
  const personOf = new Map<EventId, Pubkey>()

  function forget(person: Pubkey, ids: Iterable<EventId>): void {
    const chat = people.get(person)
    for (const id of ids) {
      chat?.delete(id)
      personOf.delete(id)
    }
    if (chat?.size === 0)
      people.delete(person)
  }

  /** Of a flood of strangers those go first whom we never wrote to, then those who have been silent for longest. */
  function boundPeople(): void {
    if (people.size <= MOST_PEOPLE * SLACK)
      return
    const weighed = [...people].map(([person, chat]) => {
      const said = [...chat.values()]
      return { person, ours: said.some(({ message }) => message.author === me), at: said.reduce((latest, { message }) => Math.max(latest, message.sentAt), 0) }
    })
    for (const { person } of weighed.toSorted((a, b) => Number(b.ours) - Number(a.ours) || b.at - a.at).slice(MOST_PEOPLE))
      forget(person, [...people.get(person)?.keys() ?? []])
  }

  return {
    people,
    add(message, arrivedAt) {
      if (message.type !== 'chat' || message.author === message.receiver || personOf.has(message.id))
        return
      const person = message.author === me ? message.receiver : message.author
      const chat = people.get(person) ?? new Map<EventId, HeardChat>()
      people.set(person, chat.set(message.id, { message, arrivedAt }))
      personOf.set(message.id, person)
      if (chat.size > MOST_OF_PERSON * SLACK)
        forget(person, [...chat.values()].toSorted((a, b) => b.message.sentAt - a.message.sentAt).slice(MOST_OF_PERSON).map(({ message: { id } }) => id))
      boundPeople()
    },
    remove(id) {
      const person = personOf.get(id)
      if (person !== undefined)
        forget(person, [id])
    },
  }
}
