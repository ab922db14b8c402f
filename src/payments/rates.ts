import * as v from 'valibot'
import { isFresh, RATE_LIMIT_SECONDS } from '../domain/money/rate'
import type { CurrencyCode, Rate } from '../domain/money/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Rates } from '../ports/rates'
import type { Fetch } from './http'
import { askJson } from './http'
import type { RateStore } from './kept-rates'
import { rateSourcesFrom, type RateSource } from './rate-sources'

const TIMEOUT_MS = 3000
const MAX_AGE_SECONDS = 600
const OUTLIER = 0.02

interface Quote { readonly name: string, readonly price: number }

function median(prices: readonly number[]): number {
  const sorted = [...prices].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper
  return (lower + upper) / 2
}

/** The median of those within 2 % of the median; `null` when nobody agrees with anybody. */
export function agree(quotes: readonly Quote[]): Quote | null {
  if (quotes.length === 0)
    return null
  const middle = median(quotes.map(quote => quote.price))
  const near = quotes.filter(({ price }) => Math.abs(price - middle) <= middle * OUTLIER)
  if (near.length === 0)
    return null
  return { price: median(near.map(quote => quote.price)), name: near.map(quote => quote.name).join(', ') }
}

/** Decimal text, at most eight decimals: from here on no float is involved. */
const decimal = (price: number): string => price.toFixed(8).replace(/\.?0+$/, '')

const nothingKept: RateStore = { read: () => [], write: () => undefined }

/** Rates from several sources at once; one that is slow, wrong or gone does not hold the others up. */
export function createRates(usual: readonly RateSource[], clock: Clock, fetcher?: Fetch, store: RateStore = nothingKept): Rates {
  const kept = new Map<CurrencyCode, Rate>(store.read().map(rate => [rate.currency, rate]))
  let sources = usual
  const asking = new Map<CurrencyCode, Promise<Rate | null>>()

  async function quote(source: RateSource, currency: CurrencyCode): Promise<Quote | null> {
    const answer = await askJson({ url: source.url(currency), schema: v.unknown(), timeoutMs: TIMEOUT_MS }, fetcher)
    const price = answer.ok ? source.price(answer.value, currency) : null
    return price === null ? null : { name: source.name, price }
  }

  async function ask(currency: CurrencyCode): Promise<Rate | null> {
    const quotes = await Promise.all(sources.map(source => quote(source, currency)))
    const agreed = agree(quotes.filter(one => one !== null))
    if (!agreed)
      return null
    const rate: Rate = { currency, btcPrice: decimal(agreed.price), source: agreed.name, at: clock.now() }
    kept.set(currency, rate)
    store.write([...kept.values()])
    return rate
  }

  return {
    async rate(currency, maxAgeSeconds = MAX_AGE_SECONDS): Promise<Result<Rate, { code: 'no-rate', detail: string }>> {
      if (!/^[A-Z]{3,10}$/.test(currency))
        return err({ code: 'no-rate', detail: 'not a currency' })
      const former = kept.get(currency)
      if (former && isFresh(former, clock.now(), Math.min(maxAgeSeconds, RATE_LIMIT_SECONDS)))
        return ok(former)
      const question = asking.get(currency) ?? ask(currency).finally(() => asking.delete(currency))
      asking.set(currency, question)
      const rate = await question
      if (rate)
        return ok(rate)
      if (former && isFresh(former, clock.now()))
        return ok(former)
      return err({ code: 'no-rate', detail: sources.length === 0 ? 'no source of rates is set' : 'no source of rates answered, or they disagree' })
    },
    last: async currency => kept.get(currency) ?? null,
    also(urls) {
      const names = new Set(usual.map(({ name }) => name))
      sources = [...usual, ...rateSourcesFrom(urls).filter(({ name }) => !names.has(name))]
    },
  }
}
