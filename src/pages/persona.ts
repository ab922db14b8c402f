import { err, ok, type Result } from '../domain/result'
import { useAccountStore } from '../stores/account'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** Signs in as one of the sandbox's two people, with the wallet that belongs to them. */
export function usePersona(): { enter(who: 'shopper' | 'merchant'): Promise<Result<void, { readonly code: string }>> } {
  const { sandboxPersonas } = useServices()
  const account = useAccountStore()
  const settings = useSettingsStore()

  async function enter(who: 'shopper' | 'merchant'): Promise<Result<void, { readonly code: string }>> {
    if (sandboxPersonas === undefined)
      return err({ code: 'persona' })
    try {
      if (who === 'shopper') {
        const person = await sandboxPersonas.shopper()
        const opened = await account.startGuest({ secret: person.nsec, label: person.name })
        if (!opened.ok)
          return opened
        await settings.setShopperWallet(person.walletUri)
        return ok(undefined)
      }
      const person = await sandboxPersonas.merchant()
      const opened = await account.startGuest({ secret: person.nsec, label: person.name })
      if (!opened.ok)
        return opened
      await settings.setMerchantWallet(person.wallet)
      return ok(undefined)
    }
    catch {
      // The sandbox is another process; it may be gone.
      return err({ code: 'persona' })
    }
  }

  return { enter }
}
