import { useMoney } from '../composables/useMoney'
import { useCatalogStore } from '../stores/catalog'
import type { Address, Msat } from '../domain/brand'
import { toNaddr } from '../domain/catalog/naddr'
import type { Money } from '../domain/money/types'

/** How both order pages write amounts and link products: one way for all. */
export function useOrderText() {
  const money = useMoney()
  const catalog = useCatalogStore()

  const sat = (msat: Msat): Money => ({ currency: 'SAT', minor: msat })

  return {
    money: (amount: Money): string => money.text(amount),
    msat: (msat: Msat): string => money.text(sat(msat)),
    withOther: (msat: Msat): { readonly main: string, readonly other: string | null } => money.withOther(sat(msat)),
    price: (btcPrice: string, currency: string): string => `${Number(btcPrice).toLocaleString(undefined, { maximumFractionDigits: 2 })} ${currency}`,
    productPath: (product: Address): string => catalog.products.has(product) ? `/p/${toNaddr(product, catalog.relaysOf(product))}` : '',
  }
}
