import type { Pubkey } from '../domain/brand'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useConversationsStore } from '../stores/conversations'

/** How a person is called in messages: by profile, else by stall, else by the name on their parcels, else by a piece of the key. */
export function usePersonName(): (person: Pubkey) => string {
  const account = useAccountStore()
  const catalog = useCatalogStore()
  const conversations = useConversationsStore()
  return (person) => {
    const profile = catalog.profiles.get(person)?.name.trim()
    if (profile !== undefined && profile !== '')
      return profile
    const orders = conversations.ordersWith(person)
    const stall = orders.find(({ merchant }) => merchant === person && merchant !== account.pubkey)?.snapshot?.stallName.trim()
    const parcel = orders.find(({ shopper, name }) => shopper === person && name.trim() !== '')?.name.trim()
    return stall || parcel || `${person.slice(0, 8)}…`
  }
}
