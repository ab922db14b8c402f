import { computed, shallowReactive, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { Pubkey } from '../domain/brand'
import { noEvidence, type Evidence, type Spoken } from '../domain/order/dialect-choice'
import { lookUpPerson, type PersonFound } from '../flows/lookUpPerson'
import { joinRelays } from '../flows/reach'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useConversationsStore } from '../stores/conversations'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

/** What relays said of people, for all who ask on one page: one question a person. */
const useFound = shared(() => ({ people: shallowReactive(new Map<Pubkey, PersonFound>()), asked: new Set<Pubkey>() }))

/** What is known of how a person speaks; asks relays for the rest, and grows as they answer. */
export function useEvidence(person: MaybeRefOrGetter<Pubkey | null>): ComputedRef<Evidence> {
  const { relays, clock } = useServices()
  const account = useAccountStore()
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  const conversations = useConversationsStore()
  const { people, asked } = useFound()

  async function ask(who: Pubkey): Promise<void> {
    if (asked.has(who))
      return
    asked.add(who)
    const found = await lookUpPerson({ relays, clock, at: joinRelays(settings.relays, catalog.relaysOfAuthor(who)) }, who)
    people.set(who, found)
    // Nobody answered: the next page that needs it asks again.
    if (found.inbox === null)
      asked.delete(who)
  }
  watch(() => toValue(person), (who) => {
    if (who !== null)
      void ask(who)
  }, { immediate: true })

  return computed(() => {
    const who = toValue(person)
    if (who === null)
      return noEvidence
    const orders = conversations.ordersWith(who)
    const chats = conversations.messagesWith(who).flatMap(({ message, order }): readonly Spoken[] =>
      // Kind 14 is the same in all NIP-99 dialects: only its envelope tells.
      message.author !== who || order !== null ? [] : [{ dialect: message.transport === 'nip04' ? 'nip15' : 'gamma', at: message.sentAt }])
    const inOrders = orders.flatMap((order): readonly Spoken[] => {
      const dialect = order.heardIn[order.shopper === account.pubkey ? 'merchant' : 'shopper']
      return dialect === undefined ? [] : [{ dialect, at: order.updatedAt }]
    })
    const stalls = [...catalog.stalls.values()].filter(stall => stall.author === who)
    const published = [...new Set([...stalls, ...stalls.flatMap(({ address }) => catalog.productsOf(address))].map(({ dialect }) => dialect))]
    const found = people.get(who)
    return {
      published,
      inbox: found?.inbox ?? null,
      apps: found?.apps ?? [],
      answered: inOrders,
      talked: chats,
      used: orders.map(({ dialect, placedAt }) => ({ dialect, at: placedAt })),
    }
  })
}
