import type { Sandbox } from '../../../sandbox/sandbox'
import type { Event } from 'nostr-tools/core'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { publicKeyOf } from '../../../sandbox/sandbox'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'
import { sandbox, temporaryFolder, until } from './stage'

interface Reply { readonly type: number, readonly id: string, readonly message?: string, readonly paid?: boolean, readonly payment_options?: readonly { readonly type: string, readonly link: string }[] }

/** A shopper of no product: writes kind 4 to a merchant and reads what comes back. */
async function customer(stage: Sandbox, merchant: string, secret = generateSecretKey()) {
  const socket = new WebSocket(stage.relayUrl)
  const replies: Reply[] = []
  socket.on('message', (data: Buffer) => {
    const [type, , event] = JSON.parse(data.toString('utf8')) as [string, string, Event]
    if (type === 'EVENT')
      replies.push(JSON.parse(decrypt(secret, merchant, event.content)) as Reply)
  })
  await new Promise(resolve => socket.once('open', resolve))
  socket.send(JSON.stringify(['REQ', 'mail', { 'kinds': [4], '#p': [getPublicKey(secret)] }]))
  return {
    secret,
    replies,
    order(id: string, product: string, quantity: number, zone: string) {
      const body = { type: 0, id, items: [{ product_id: product, quantity }], shipping_id: zone, contact: { nostr: getPublicKey(secret) } }
      const event = finalizeEvent({ kind: 4, created_at: Math.floor(Date.now() / 1000), tags: [['p', merchant]], content: encrypt(secret, merchant, JSON.stringify(body)) }, secret)
      socket.send(JSON.stringify(['EVENT', event]))
    },
    answer: (id: string, type: number) => until(() => replies.find(reply => reply.id === id && reply.type === type)),
    close: () => socket.close(),
  }
}

for (const lightning of ['ledger', 'ldk'] as const) {
  test(`an order is answered with a genuine invoice, and said paid once it is (${lightning})`, async () => {
    const stage = await sandbox({ market: true, lightning })
    const shopper = await customer(stage, publicKeyOf('chiyo'))
    shopper.order('order-1', 'mori-tea-hojicha-100-g', 2, 'asia')
    const bolt11 = (await shopper.answer('order-1', 1)).payment_options?.[0]?.link ?? ''
    expect(decodeInvoice(bolt11)).toMatchObject({ ok: true, value: { amount: (2 * 12_500 + 6_000) * 1000, network: 'regtest' } })
    expect(shopper.replies).toHaveLength(1)
    expect((await stage.lightning.pay(bolt11)).paid).toBe(true)
    expect(await shopper.answer('order-1', 2)).toMatchObject({ paid: true, shipped: false })
    shopper.close()
  }, 15_000)
}

test('a price in EUR with costs per piece becomes whole sat, rounded up; more than the stock is refused in words', async () => {
  const stage = await sandbox({ market: true })
  const shopper = await customer(stage, publicKeyOf('bruno'))
  shopper.order('order-2', 'kiln-street-soup-bowl', 2, 'eu')
  const bolt11 = (await shopper.answer('order-2', 1)).payment_options?.[0]?.link ?? ''
  expect(decodeInvoice(bolt11)).toMatchObject({ ok: true, value: { amount: Math.ceil((2 * (32 + 2) + 11.5) * 100_000_000 / 92_500) * 1000 } })
  shopper.order('order-3', 'kiln-street-soup-bowl', 99, 'eu')
  expect(await shopper.answer('order-3', 1)).toMatchObject({ payment_options: [], message: expect.stringContaining('not enough') })
  shopper.close()
})

test('what was paid for leaves the shelf', async () => {
  const stage = await sandbox({ market: true })
  const stock = () => (JSON.parse(stage.relay.find({ 'kinds': [30018], '#d': ['mori-tea-hojicha-100-g'] })[0]?.content ?? '{}') as { quantity: number }).quantity
  const before = stock()
  const shopper = await customer(stage, publicKeyOf('chiyo'))
  shopper.order('order-5', 'mori-tea-hojicha-100-g', 3, 'asia')
  const bolt11 = (await shopper.answer('order-5', 1)).payment_options?.[0]?.link ?? ''
  expect(stock()).toBe(before)
  await stage.lightning.pay(bolt11)
  await shopper.answer('order-5', 2)
  expect(stock()).toBe(before - 3)
  shopper.close()
})

test('an order that was answered before a restart is not answered again', async () => {
  const data = temporaryFolder()
  const first = await sandbox({ market: true, data })
  const before = await customer(first, publicKeyOf('chiyo'))
  before.order('order-4', 'mori-tea-hojicha-100-g', 1, 'asia')
  await before.answer('order-4', 1)
  before.close()
  await first.stop()
  const after = await customer(await sandbox({ market: true, data }), publicKeyOf('chiyo'), before.secret)
  await after.answer('order-4', 1)
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(after.replies).toHaveLength(1)
  after.close()
})
