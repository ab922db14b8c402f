import { shallowReactive, shallowRef } from 'vue'
import { isFresh, RATE_REFRESH_SECONDS } from '../domain/money/rate'
import type { CurrencyCode, Rate } from '../domain/money/types'
import { useServices } from '../stores/services'
import { shared } from './shared'

const ASK_AGAIN_SECONDS = 60

/** Rates that somebody on the page has asked for; each is asked of the outside at most once while it is fresh. */
export const useRates = shared(() => {
  const { rates, clock } = useServices()
  const known = shallowReactive(new Map<CurrencyCode, Rate>())
  /** What was heard last, where nothing newer than the bound can be had, or what sources say that disagree: for showing, with its age or its doubt. */
  const outdated = shallowReactive(new Map<CurrencyCode, Rate>())
  const askedAt = new Map<CurrencyCode, number>()
  const problem = shallowRef<string | null>(null)

  async function ask(currency: CurrencyCode): Promise<Rate | null> {
    askedAt.set(currency, clock.now())
    const answer = await rates.rate(currency)
    problem.value = answer.ok ? null : answer.error.detail
    if (answer.ok && known.get(currency)?.at !== answer.value.at)
      known.set(currency, answer.value)
    const last = answer.ok ? null : answer.error.estimate ?? await rates.last?.(currency) ?? null
    if (last !== null)
      outdated.set(currency, last)
    else
      outdated.delete(currency)
    return answer.ok ? answer.value : null
  }

  /** What is known now; asks when that is nothing, or old. Prices in bitcoin units need no rate. */
  function rateOf(currency: CurrencyCode): Rate | null {
    if (currency === 'SAT' || currency === 'BTC')
      return null
    const rate = known.get(currency) ?? null
    const now = clock.now()
    if ((rate === null || rate.doubt !== undefined || now - rate.at > RATE_REFRESH_SECONDS) && now - (askedAt.get(currency) ?? 0) > ASK_AGAIN_SECONDS)
      queueMicrotask(() => void ask(currency))
    return rate !== null && isFresh(rate, now) ? rate : null
  }

  return { known, outdated, rateOf, ask, problem }
})
