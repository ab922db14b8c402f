import { words as accountWords, signInErrorText } from '../components/account/words'
import { saveFile } from '../components/save-file'
import { useMoney } from '../composables/useMoney'
import { useServices } from '../stores/services'
import { useAccountStore } from '../stores/account'
import { useCatalogStore } from '../stores/catalog'
import type { Address, Msat } from '../domain/brand'
import { toNaddr } from '../domain/catalog/naddr'
import type { Money } from '../domain/money/types'
import { fill } from '../components/order/words'

/** How both order pages write amounts, link products and save the key: one way for all. */
export function useOrderText() {
  const money = useMoney()
  const catalog = useCatalogStore()
  const account = useAccountStore()
  const { clock } = useServices()

  const sat = (msat: Msat): Money => ({ currency: 'SAT', minor: msat })

  /** Offers the key as a file under its passphrase; the sentence of what went wrong, or ''. */
  async function exportKey(passphrase: string): Promise<string> {
    const text = await account.exportKey(passphrase)
    if (!text.ok)
      return signInErrorText(text.error.code)
    const date = new Date(clock.now() * 1000).toISOString().slice(0, 10)
    saveFile(fill(accountWords.you.account.exportFile, { date }), `Souk key (NIP-49). It opens with its passphrase.\n${text.value}\n`, 'text/plain')
    account.markBackedUp()
    return ''
  }

  return {
    money: (amount: Money): string => money.text(amount),
    msat: (msat: Msat): string => money.text(sat(msat)),
    withOther: (msat: Msat): { readonly main: string, readonly other: string | null } => money.withOther(sat(msat)),
    price: (btcPrice: string, currency: string): string => `${Number(btcPrice).toLocaleString(undefined, { maximumFractionDigits: 2 })} ${currency}`,
    productPath: (product: Address): string => catalog.products.has(product) ? `/p/${toNaddr(product, catalog.relaysOf(product))}` : '',
    exportKey,
  }
}
