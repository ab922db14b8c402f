import { composeOwnNote } from '../flows/own-notes'
import type { SendDeps } from '../flows/send'
import { joinRelays } from '../flows/reach'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** What every flow that writes to somebody needs; null while no account is open. */
export function useSender(): () => SendDeps | null {
  const { mail, clock } = useServices()
  const account = useAccountStore()
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  return () => {
    const { journal, signer } = account
    if (journal === null || signer === null)
      return null
    const deps: SendDeps = { journal, signer, mail, clock, relaysFor: person => joinRelays(settings.writeRelays, catalog.relaysOfAuthor(person)) }
    return { ...deps, notes: facts => composeOwnNote(deps, facts) }
  }
}

/** No account is open: sign in or unlock. */
export const locked = { code: 'locked' } as const
