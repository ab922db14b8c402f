import { computed } from 'vue'
import { toMsat, type Msat } from '../domain/brand'
import { exponentOf, moneyText, msatMoney } from '../domain/money/fiat'
import { fromMsatAt, toMsatAt } from '../domain/money/rate'
import type { CurrencyCode, Money } from '../domain/money/types'
import { useSettingsStore } from '../stores/settings'
import { useRates } from './useRates'

const formats = new Map<CurrencyCode, Intl.NumberFormat>()

function formatOf(currency: CurrencyCode): Intl.NumberFormat {
  const known = formats.get(currency)
  if (known !== undefined)
    return known
  const decimals = exponentOf(currency) ?? 2
  const made = currency === 'SAT' || currency === 'BTC'
    ? new Intl.NumberFormat(undefined, { maximumFractionDigits: decimals })
    : new Intl.NumberFormat(undefined, { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  formats.set(currency, made)
  return made
}

/** An amount with its unit and grouped digits: `12,500 sat`, `€3.50`. */
export function amountText(amount: Money | Msat): string {
  const money = typeof amount === 'number' ? msatMoney(amount) : amount
  const text = formatOf(money.currency).format(Number(moneyText(money)))
  return money.currency === 'SAT' ? `${text} sat` : money.currency === 'BTC' ? `${text} BTC` : text
}

/** Amounts as this person wants to read them. */
export function useMoney() {
  const settings = useSettingsStore()
  const { rateOf } = useRates()
  const displayCurrency = computed(() => settings.currency ?? 'SAT')

  /** The same amount in the other unit that matters to this person: their currency, or sat. null: no rate, or none differs. */
  function other(money: Money): Money | null {
    const wanted = displayCurrency.value
    const target = money.currency === wanted ? 'SAT' : wanted
    if (target === money.currency)
      return null
    const msat = toMsatAt(money, rateOf(money.currency))
    // In sat a converted price is whole; a part of one would only look exact.
    return msat === null ? null : fromMsatAt(target === 'SAT' ? toMsat(Math.round(msat / 1_000) * 1_000) : msat, target, rateOf(target))
  }

  return {
    text: amountText,
    withOther(amount: Money | Msat): { readonly main: string, readonly other: string | null } {
      const money = typeof amount === 'number' ? msatMoney(amount) : amount
      const second = other(money)
      return { main: amountText(money), other: second === null ? null : amountText(second) }
    },
    displayCurrency,
  }
}
