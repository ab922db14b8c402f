import * as v from 'valibot'
import { isFresh, RATE_LIMIT_SECONDS } from '../domain/money/rate'
import type { CurrencyCode, Rate, RateDoubt } from '../domain/money/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Clock } from '../ports/clock'
import { SOURCES_DISAGREE, type NoRate, type Rates } from '../ports/rates'
import type { Fetch } from './http'
import { askJson } from './http'
import type { RateStore } from './kept-rates'
import { rateSourcesFrom, type RateSource } from './rate-sources'

const TIMEOUT_MS = 3000
const MAX_AGE_SECONDS = 600
/** For so long one source's word is not asked for again. */
const ALONE_SECONDS = 60
const OUTLIER = 0.02

interface Quote { readonly name: string, readonly price: number }
interface Agreed extends Quote { readonly doubt?: RateDoubt }

function median(prices: readonly number[]): number {
  const sorted = [...prices].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper
  return (lower + upper) / 2
}

/** No two of them lie more than 2 % apart, or at least three lie that near to their median. */
const isAgreement = (near: readonly Quote[]): boolean => {
  const prices = near.map(({ price }) => price)
  return near.length > 2 || (near.length === 2 && Math.max(...prices) - Math.min(...prices) <= Math.min(...prices) * OUTLIER)
}

/**
 * The median of those within 2 % of the median. One alone, or such as lie too far apart, come with their doubt: the price is then
 * what it would be. `null`: nobody answered.
 */
export function agree(quotes: readonly Quote[]): Agreed | null {
  if (quotes.length === 0)
    return null
  const of = (some: readonly Quote[]): Quote => ({ price: median(some.map(({ price }) => price)), name: some.map(({ name }) => name).join(', ') })
  if (quotes.length === 1)
    return { ...of(quotes), doubt: 'one-source' }
  const middle = median(quotes.map(({ price }) => price))
  const near = quotes.filter(({ price }) => Math.abs(price - middle) <= middle * OUTLIER)
  return isAgreement(near) ? of(near) : { ...of(quotes), doubt: SOURCES_DISAGREE }
}

/** Decimal text, at most eight decimals: from here on no float is involved. */
const decimal = (price: number): string => price.toFixed(8).replace(/\.?0+$/, '')

const nothingKept: RateStore = { read: () => [], write: () => undefined }

/** Rates from several sources at once; one that is slow, wrong or gone does not hold the others up. */
export function createRates(usual: readonly RateSource[], clock: Clock, fetcher?: Fetch, store: RateStore = nothingKept): Rates {
  const kept = new Map<CurrencyCode, Rate>(store.read().map(rate => [rate.currency, rate]))
  /** What one of several said while the others were silent: never kept over a reload. */
  const alone = new Map<CurrencyCode, Rate>()
  let sources = usual
  const asking = new Map<CurrencyCode, Promise<Rate | null>>()

  async function quote(source: RateSource, currency: CurrencyCode): Promise<Quote | null> {
    const answer = await askJson({ url: source.url(currency), schema: v.unknown(), timeoutMs: TIMEOUT_MS }, fetcher)
    const price = answer.ok ? source.price(answer.value, currency) : null
    return price === null ? null : { name: source.name, price }
  }

  /** Who chose one source has chosen to trust it. */
  const doubtOf = ({ doubt }: Agreed): RateDoubt | undefined => doubt === 'one-source' && usual.length < 2 ? undefined : doubt

  /** One of several alone is weighed against what several agreed on within the hour: far from that, it is no better than one of two. */
  function contradictsFormer(agreed: Agreed, currency: CurrencyCode): boolean {
    const former = kept.get(currency)
    if (doubtOf(agreed) !== 'one-source' || former === undefined || !isFresh(former, clock.now()))
      return false
    return !isAgreement([agreed, { name: former.source, price: Number(former.btcPrice) }])
  }

  async function ask(currency: CurrencyCode): Promise<Rate | null> {
    const quotes = await Promise.all(sources.map(source => quote(source, currency)))
    const agreed = agree(quotes.filter(one => one !== null))
    if (!agreed)
      return null
    const doubt = contradictsFormer(agreed, currency) ? SOURCES_DISAGREE : doubtOf(agreed)
    const rate: Rate = { currency, btcPrice: decimal(agreed.price), source: agreed.name, at: clock.now(), ...doubt !== undefined && { doubt } }
    if (doubt === 'one-source')
      alone.set(currency, rate)
    if (doubt !== undefined)
      return rate
    kept.set(currency, rate)
    alone.delete(currency)
    store.write([...kept.values()])
    return rate
  }

  return {
    async rate(currency, maxAgeSeconds = MAX_AGE_SECONDS): Promise<Result<Rate, NoRate>> {
      if (!/^[A-Z]{3,10}$/.test(currency))
        return err({ code: 'no-rate', detail: 'not a currency' })
      const [former, lone] = [kept.get(currency), alone.get(currency)]
      if (former && isFresh(former, clock.now(), Math.min(maxAgeSeconds, RATE_LIMIT_SECONDS)))
        return ok(former)
      if (lone && isFresh(lone, clock.now(), Math.min(maxAgeSeconds, ALONE_SECONDS)))
        return ok(lone)
      const question = asking.get(currency) ?? ask(currency).finally(() => asking.delete(currency))
      asking.set(currency, question)
      const rate = await question
      if (rate && rate.doubt !== SOURCES_DISAGREE)
        return ok(rate)
      if (former && isFresh(former, clock.now()))
        return ok(former)
      if (rate)
        return err({ code: 'no-rate', detail: SOURCES_DISAGREE, estimate: rate })
      return err({ code: 'no-rate', detail: sources.length === 0 ? 'no source of rates is set' : 'no source of rates answered' })
    },
    async last(currency) {
      const [former, lone] = [kept.get(currency) ?? null, alone.get(currency) ?? null]
      return former === null || (lone !== null && lone.at > former.at) ? lone : former
    },
    also(urls) {
      const names = new Set(usual.map(({ name }) => name))
      sources = [...usual, ...rateSourcesFrom(urls).filter(({ name }) => !names.has(name))]
    },
  }
}
