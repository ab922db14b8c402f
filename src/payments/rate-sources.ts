import * as v from 'valibot'

/** One place that knows what a bitcoin costs. */
export interface RateSource {
  readonly name: string
  readonly url: (currency: string) => string
  /** Price of one bitcoin in whole units of the currency; `null` when the answer has none. */
  readonly price: (answer: unknown, currency: string) => number | null
}

const Price = v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}(\.\d{1,12})?$/), v.transform(Number))]), v.finite(), v.minValue(1e-6), v.maxValue(1e15))

/** The number at a path of keys, wherever it is text or number. */
function at(answer: unknown, ...path: readonly (string | number)[]): number | null {
  let value = answer
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      return null
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  const price = v.safeParse(Price, value)
  return price.success ? price.output : null
}

/** Callable from a browser (payments.md §8.2); each host must be in the Content-Security-Policy. */
const known: readonly RateSource[] = [
  { name: 'yadio.io', url: () => 'https://api.yadio.io/exrates/BTC', price: (answer, currency) => at(answer, 'BTC', currency) },
  { name: 'getalby.com', url: currency => `https://getalby.com/api/rates/${currency.toLowerCase()}.json`, price: answer => at(answer, 'rate_float') },
  { name: 'mempool.space', url: () => 'https://mempool.space/api/v1/prices', price: (answer, currency) => at(answer, currency) },
  { name: 'coinbase.com', url: () => 'https://api.coinbase.com/v2/exchange-rates?currency=BTC', price: (answer, currency) => at(answer, 'data', 'rates', currency) },
  { name: 'kraken.com', url: currency => `https://api.kraken.com/0/public/Ticker?pair=XBT${currency}`, price: (answer, currency) => at(answer, 'result', `XXBTZ${currency}`, 'c', 0) ?? at(answer, 'result', `XBT${currency}`, 'c', 0) },
]

/** LNbits' own rate: `price` is units per bitcoin, 0 when none of its sources answered. The sandbox speaks the same. */
export const lnbitsRateSource = (base: string): RateSource => ({
  name: new URL(base).host,
  url: currency => `${base.replace(/\/+$/, '')}/api/v1/rate/${encodeURIComponent(currency)}`,
  price: answer => at(answer, 'price'),
})

/**
 * Sources from configured addresses: the known ones by their host, anything else is taken for the root of an LNbits
 * (or sandbox). What is no web address is left out.
 */
export function rateSourcesFrom(urls: readonly string[]): readonly RateSource[] {
  return urls.filter(url => URL.canParse(url)).map((url) => {
    const { hostname } = new URL(url)
    return known.find(source => hostname === source.name || hostname.endsWith(`.${source.name}`)) ?? lnbitsRateSource(url)
  })
}

export const publicRateUrls: readonly string[] = known.map(source => source.url('USD'))
