import * as v from 'valibot'
import { afterEach, expect, test } from 'vitest'
import { askJson } from '../../../src/payments/http'
import { json, serve } from './server'

const Answer = v.object({ n: v.number() })
let stop = async (): Promise<void> => undefined
afterEach(async () => stop())

async function answering(handler: Parameters<typeof serve>[0]): Promise<string> {
  const server = await serve(handler)
  stop = server.close
  return server.url
}

test('gives what fits the schema, and says where it does not', async () => {
  const url = await answering((request, response) => json(response, { n: request.path === '/good' ? 1 : 'one' }))
  expect(await askJson({ url: `${url}/good`, schema: Answer })).toEqual({ ok: true, value: { n: 1 } })
  expect(await askJson({ url: `${url}/bad`, schema: Answer })).toEqual({ ok: false, error: { code: 'shape', path: 'n' } })
})

test('an error status comes with its body', async () => {
  const url = await answering((_request, response) => json(response, { detail: 'no' }, 404))
  expect(await askJson({ url, schema: Answer })).toEqual({ ok: false, error: { code: 'status', status: 404, body: { detail: 'no' } } })
})

test('what is no JSON, too large or too slow is an error, not a throw', async () => {
  const url = await answering((request, response) => {
    if (request.path === '/text')
      response.end('<html>')
    if (request.path === '/large')
      response.end(`"${'x'.repeat(2_000_000)}"`)
  })
  expect(await askJson({ url: `${url}/text`, schema: Answer })).toEqual({ ok: false, error: { code: 'not-json', status: 200 } })
  expect(await askJson({ url: `${url}/large`, schema: Answer })).toEqual({ ok: false, error: { code: 'too-large' } })
  expect(await askJson({ url: `${url}/slow`, schema: Answer, timeoutMs: 50 })).toEqual({ ok: false, error: { code: 'timeout' } })
  const stopped = new AbortController()
  setTimeout(() => stopped.abort(), 20)
  expect(await askJson({ url: `${url}/slow`, schema: Answer, signal: stopped.signal })).toEqual({ ok: false, error: { code: 'aborted' } })
})

test('nobody there', async () => {
  expect(await askJson({ url: 'http://127.0.0.1:9/', schema: Answer })).toEqual({ ok: false, error: { code: 'unreachable' } })
})
