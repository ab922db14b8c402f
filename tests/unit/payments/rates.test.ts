import { expect, test } from 'vitest'
import { rateSourcesFrom } from '../../../src/payments/rate-sources'
import { keptRates } from '../../../src/payments/kept-rates'
import { agree, createRates } from '../../../src/payments/rates'
import { memoryKeyValue } from '../../../src/storage/key-value'
import { createLocalSnapshots } from '../../../src/storage/local-snapshots'
import { testClock } from '../storage/people'

const answers = (table: Readonly<Record<string, unknown>>, asked: string[] = []) => async (url: string): Promise<Response> => {
  asked.push(url)
  const key = Object.keys(table).find(part => url.includes(part))
  if (key === undefined)
    throw new TypeError('Failed to fetch')
  return new Response(JSON.stringify(table[key]))
}

const PUBLIC = ['https://api.yadio.io/', 'https://mempool.space/', 'https://api.kraken.com/']

test('the median of several sources, with the one far off left out', async () => {
  const { clock } = testClock()
  const fetch = answers({ yadio: { BTC: { EUR: 60_000 } }, mempool: { EUR: 60_300 }, kraken: { result: { XXBTZEUR: { c: ['75000.1', '1'] } } } })
  const rate = await createRates(rateSourcesFrom(PUBLIC), clock, fetch).rate('EUR')
  expect(rate).toEqual({ ok: true, value: { currency: 'EUR', btcPrice: '60150', source: 'yadio.io, mempool.space', at: clock.now() } })
})

const quotes = (...prices: readonly number[]) => prices.map((price, i) => ({ name: 'abcde'[i] ?? '', price }))

test('two that contradict each other are no agreement, and neither is one alone', () => {
  expect(agree(quotes(100, 150))).toEqual({ name: 'a, b', price: 125, doubt: 'sources-disagree' })
  // Each within 2 % of their mean, and more than 2 % apart.
  expect(agree(quotes(100, 103))?.doubt).toBe('sources-disagree')
  expect(agree(quotes(100, 102))).toEqual({ name: 'a, b', price: 101 })
  expect(agree(quotes(100, 101))?.price).toBe(100.5)
  expect(agree(quotes(100, 103, 110))?.doubt).toBe('sources-disagree')
  expect(agree(quotes(100, 150, 101))).toEqual({ name: 'a, c', price: 100.5 })
  expect(agree(quotes(100))).toEqual({ name: 'a', price: 100, doubt: 'one-source' })
  expect(agree([])).toBeNull()
})

test('of several only one answers: it serves and says so, for a minute, and is never kept as if it were agreed', async () => {
  const time = testClock()
  const { snapshots } = device(time.clock.now)
  const asked: string[] = []
  const table: Record<string, unknown> = { mempool: { EUR: 61_000 } }
  const rates = createRates(rateSourcesFrom(PUBLIC), time.clock, answers(table, asked), keptRates(snapshots()))
  const alone = await rates.rate('EUR')
  expect(alone).toMatchObject({ ok: true, value: { btcPrice: '61000', source: 'mempool.space', doubt: 'one-source' } })
  expect(keptRates(snapshots()).read()).toEqual([])
  expect(await rates.rate('EUR')).toEqual(alone)
  expect(asked).toHaveLength(3)
  expect(await rates.last?.('EUR')).toMatchObject({ doubt: 'one-source' })
  await time.pass(61)
  table['yadio'] = { BTC: { EUR: 61_200 } }
  const agreed = await rates.rate('EUR')
  expect(agreed).toMatchObject({ ok: true, value: { btcPrice: '61100' } })
  expect(agreed.ok && agreed.value.doubt).toBeUndefined()
  expect(keptRates(snapshots()).read()).toHaveLength(1)
})

test('who names one source has chosen it: nothing is doubted', async () => {
  const { clock } = testClock()
  const rate = await createRates(rateSourcesFrom(['http://127.0.0.1:5000/lnbits/']), clock, answers({ '/api/v1/rate/EUR': { price: 60_000 } })).rate('EUR')
  expect(rate).toEqual({ ok: true, value: { currency: 'EUR', btcPrice: '60000', source: '127.0.0.1:5000', at: clock.now() } })
})

test('two that differ by more than 2 %, and no third: an estimate, and no rate; what was agreed within the hour still is one', async () => {
  const time = testClock()
  const table: Record<string, unknown> = { mempool: { EUR: 60_000 }, yadio: { BTC: { EUR: 62_000 } } }
  const rates = createRates(rateSourcesFrom(PUBLIC), time.clock, answers(table))
  expect(await rates.rate('EUR')).toEqual({ ok: false, error: { code: 'no-rate', detail: 'sources-disagree', estimate: { currency: 'EUR', btcPrice: '61000', source: 'yadio.io, mempool.space', at: time.clock.now(), doubt: 'sources-disagree' } } })
  expect(await rates.last?.('EUR')).toBeNull()
  table['kraken'] = { result: { XXBTZEUR: { c: ['60200', '1'] } } }
  const agreed = await rates.rate('EUR')
  expect(agreed).toMatchObject({ ok: true, value: { btcPrice: '60100', source: 'mempool.space, kraken.com' } })
  delete table['kraken']
  await time.pass(601)
  expect(await rates.rate('EUR')).toEqual(agreed)
  await time.pass(3_000)
  expect(await rates.rate('EUR')).toMatchObject({ ok: false, error: { detail: 'sources-disagree' } })
})

test('one alone that lies far from what was agreed within the hour serves nobody: the agreed one does, and after the hour it does with its doubt', async () => {
  const time = testClock()
  const table: Record<string, unknown> = { mempool: { EUR: 60_000 }, yadio: { BTC: { EUR: 60_200 } } }
  const rates = createRates(rateSourcesFrom(PUBLIC), time.clock, answers(table))
  const agreed = await rates.rate('EUR')
  expect(agreed).toMatchObject({ ok: true, value: { btcPrice: '60100' } })
  delete table['mempool']
  table['yadio'] = { BTC: { EUR: 90_000 } }
  await time.pass(601)
  expect(await rates.rate('EUR')).toEqual(agreed)
  expect(await rates.rate('EUR', 0)).toEqual(agreed)
  expect(await rates.last?.('EUR')).toEqual(agreed.ok ? agreed.value : null)
  // Near to it, it is the newer one.
  table['yadio'] = { BTC: { EUR: 61_000 } }
  expect(await rates.rate('EUR')).toMatchObject({ ok: true, value: { btcPrice: '61000', doubt: 'one-source' } })
  table['yadio'] = { BTC: { EUR: 90_000 } }
  await time.pass(3_000)
  expect(await rates.rate('EUR')).toMatchObject({ ok: true, value: { btcPrice: '90000', doubt: 'one-source' } })
})

test('one that does not answer does not hold the others up; none at all is said', async () => {
  const { clock } = testClock()
  expect((await createRates(rateSourcesFrom(PUBLIC), clock, answers({ mempool: { EUR: 61_000 } })).rate('EUR')).ok).toBe(true)
  expect(await createRates(rateSourcesFrom(PUBLIC), clock, answers({})).rate('EUR')).toMatchObject({ ok: false, error: { code: 'no-rate' } })
  expect(await createRates([], clock, answers({})).rate('EUR')).toMatchObject({ ok: false, error: { detail: 'no source of rates is set' } })
})

test('answers that are no price are not taken for one', async () => {
  const { clock } = testClock()
  for (const wrong of [0, -1, 'NaN', '1e9', null, {}, [], Number.MAX_VALUE, '60,000'])
    expect((await createRates(rateSourcesFrom(['https://mempool.space/']), clock, answers({ mempool: { EUR: wrong } })).rate('EUR')).ok, String(wrong)).toBe(false)
})

test('kept for ten minutes, asked once at a time, and an hour old at most when nobody answers', async () => {
  const time = testClock()
  const asked: string[] = []
  const table: Record<string, unknown> = { '/api/v1/rate/EUR': { rate: 1666, price: 60_000 } }
  const rates = createRates(rateSourcesFrom(['http://127.0.0.1:5000/lnbits/']), time.clock, answers(table, asked))
  await Promise.all([rates.rate('EUR'), rates.rate('EUR')])
  expect(asked).toEqual(['http://127.0.0.1:5000/lnbits/api/v1/rate/EUR'])
  await time.pass(599)
  await rates.rate('EUR')
  expect(asked).toHaveLength(1)
  delete table['/api/v1/rate/EUR']
  await time.pass(10)
  expect((await rates.rate('EUR')).ok).toBe(true)
  expect(asked).toHaveLength(2)
  await time.pass(3600)
  expect((await rates.rate('EUR')).ok).toBe(false)
})

function device(now: () => number) {
  const [store, tab] = [memoryKeyValue(), memoryKeyValue()]
  const snapshots = () => createLocalSnapshots({ store, persistent: true }, { store: tab, persistent: true }, now as never, () => () => undefined)
  return { snapshots, store }
}

test('a rate outlives a reload; offline it prices for an hour, and after that it is only shown, with its age', async () => {
  const time = testClock()
  const { snapshots } = device(time.clock.now)
  const open = (table: Readonly<Record<string, unknown>>) => createRates(rateSourcesFrom(PUBLIC), time.clock, answers(table), keptRates(snapshots()))
  const heard = await open({ mempool: { EUR: 61_000 }, yadio: { BTC: { EUR: 61_000 } } }).rate('EUR')
  await time.pass(3_000)
  const offline = open({})
  expect(await offline.rate('EUR')).toEqual(heard)
  await time.pass(601)
  expect((await offline.rate('EUR')).ok).toBe(false)
  expect((await offline.rate('EUR', 1_000_000)).ok).toBe(false)
  expect(await offline.last?.('EUR')).toEqual(heard.ok ? heard.value : null)
  expect(await offline.last?.('USD')).toBeNull()
})

test('T12: kept rates that are damaged, or of a time to come, price nothing', async () => {
  const time = testClock()
  const { snapshots } = device(time.clock.now)
  snapshots().write('rates', 1, [{ currency: 'EUR', btcPrice: '-3', source: '', at: time.clock.now() }])
  expect(keptRates(snapshots()).read()).toEqual([])
  snapshots().write('rates', 1, [{ currency: 'EUR', btcPrice: '60000', source: 'a', at: time.clock.now() + 90_000 }])
  expect((await createRates(rateSourcesFrom(PUBLIC), time.clock, answers({}), keptRates(snapshots())).rate('EUR')).ok).toBe(false)
})

test('the merchant\'s own LNbits is asked beside the others, once, and no longer when it is disconnected', async () => {
  const { clock } = testClock()
  const asked: string[] = []
  const rates = createRates(rateSourcesFrom(PUBLIC), clock, answers({ 'mempool': { EUR: 60_000 }, '/api/v1/rate/EUR': { price: 60_200 } }, asked))
  rates.also?.(['https://lnbits.example/'])
  expect(await rates.rate('EUR')).toMatchObject({ ok: true, value: { btcPrice: '60100', source: 'mempool.space, lnbits.example' } })
  rates.also?.([])
  asked.length = 0
  await rates.rate('USD')
  expect(asked.some(url => url.includes('lnbits'))).toBe(false)
})
