import type { Sandbox } from '../../../sandbox/sandbox'
import type { Address, Pubkey } from '../../../src/domain/brand'
import type { TaggedMessage, NostrEvent } from '../../../src/domain/protocol/event'
import type { WireMessage } from '../../../src/domain/order/types'
import { generateSecretKey } from 'nostr-tools/pure'
import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { publicKeyOf } from '../../../sandbox/sandbox'
import { toMsat, toSeconds } from '../../../src/domain/brand'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'
import { decodeGamma } from '../../../src/domain/protocol/gamma-messages'
import { toRumor } from '../../../src/domain/protocol/gift-wrap'
import { lettersOf } from '../../../src/domain/protocol/letters'
import { decodeProfile } from '../../../src/domain/protocol/profile'
import { openPayAddress } from '../../../src/payments/lnurl'
import { openGiftWrap, wrapRumor } from '../../../src/nostr/nip59'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { checkInScript } from '../../../src/nostr/verify'
import { sandbox, temporaryFolder, until } from './stage'

type Name = 'bruno' | 'chiyo' | 'dario' | 'esma'
interface Got { readonly message: WireMessage, readonly rumor: TaggedMessage }
const now = () => toSeconds(Math.floor(Date.now() / 1000))
const key = (name: Name) => publicKeyOf(name) as Pubkey

/** A shopper of no product: writes gift wraps to a merchant and opens what comes back. */
async function customer(stage: Sandbox, name: Name, secret = generateSecretKey()) {
  const merchant = key(name)
  const signer = createLocalSigner(Uint8Array.from(secret))
  const socket = new WebSocket(stage.relayUrl)
  const got: Got[] = []
  socket.on('message', (data: Buffer) => {
    const [type, , event] = JSON.parse(data.toString('utf8')) as [string, string, NostrEvent]
    if (type !== 'EVENT')
      return
    void openGiftWrap(event, signer, async seal => checkInScript(seal) === 'ok').then((opened) => {
      if (!opened.ok || opened.value.transport === 'nip04')
        return
      const decoded = decodeGamma(opened.value)
      if (decoded.ok)
        got.push({ message: decoded.value.message, rumor: opened.value })
    })
  })
  await new Promise(resolve => socket.once('open', resolve))
  socket.send(JSON.stringify(['REQ', 'mail', { 'kinds': [1059], '#p': [signer.pubkey] }]))
  return {
    secret,
    got,
    async order(orderId: string, product: string, quantity: number, shipping: string) {
      const about = { orderId, shopper: signer.pubkey, merchant, items: [{ productId: product, product: `30402:${merchant}:${product}` as Address, quantity }] }
      const letters = lettersOf('gamma', about, { say: 'order', zoneId: shipping === '' ? '' : `30406:${merchant}:${shipping}`, msat: toMsat(1000), name: 'Ida', address: 'Seestrasse 4', contact: {}, shopperMessage: '' })
      const letter = letters.ok ? letters.value[0] : undefined
      if (letter?.transport !== 'nip59')
        throw new TypeError('no letter')
      const wrap = await wrapRumor(toRumor(letter.template, signer.pubkey, now()), merchant, signer, now(), Math.random)
      socket.send(JSON.stringify(['EVENT', wrap.ok ? wrap.value : null]))
    },
    answer: <T extends WireMessage['type']>(id: string, type: T) => until(() => got.map(({ message }) => message).find((message): message is WireMessage & { type: T } => message.type === type && 'orderId' in message && message.orderId === id)),
    close: () => socket.close(),
  }
}

for (const lightning of ['ledger', 'ldk'] as const) {
  test(`a wrapped order is answered with a genuine invoice in Gamma's words, and confirmed once it is paid (${lightning})`, async () => {
    const stage = await sandbox({ market: true, lightning })
    const shopper = await customer(stage, 'dario')
    await shopper.order('order-1', 'waxed-pannier-bag', 2, 'europe')
    const asked = await shopper.answer('order-1', 'payment-request')
    const msat = Math.ceil((2 * (78 + 4) + 14) * 100_000_000 / 92_500) * 1000
    expect(asked).toMatchObject({ author: key('dario'), msat, options: [{ type: 'ln' }], deadline: expect.any(Number) })
    const bolt11 = asked.options[0]?.link ?? ''
    expect(decodeInvoice(bolt11)).toMatchObject({ ok: true, value: { amount: msat, network: 'regtest' } })
    expect(shopper.got).toHaveLength(1)
    expect((await stage.lightning.pay(bolt11)).paid).toBe(true)
    expect(await shopper.answer('order-1', 'status')).toMatchObject({ author: key('dario'), saidPaid: true })
    expect(shopper.got.at(-1)?.rumor.tags).toContainEqual(['status', 'confirmed'])
    const left = stage.relay.find({ 'kinds': [30402], 'authors': [key('dario')], '#d': ['waxed-pannier-bag'] })[0]
    expect(left?.tags).toContainEqual(['stock', '5'])
    // The order, and twice each answer: to the shopper, and to the merchant's own devices.
    expect(stage.relay.find({ 'kinds': [1059], '#p': [key('dario')] })).toHaveLength(3)
    shopper.close()
  }, 15_000)
}

let open: Sandbox
beforeAll(async () => {
  open = await sandbox({ market: true })
})

test.each([
  ['dario', 'repair-handbook-file', 1, '', Math.ceil(12 * 100_000_000 / 92_500)],
  ['dario', 'leather-saddle-night', 1, 'workshop', Math.ceil(95 * 100_000_000 / 92_500)],
  ['dario', 'brass-bicycle-bell', 1, 'italy', Math.ceil(30.5 * 100_000_000 / 92_500)],
  ['chiyo', 'mori-tea-hojicha-100-g', 2, 'mori-tea-asia', 2 * 12_500 + 6000],
  ['chiyo', 'edge-and-groove-santoku', 1, 'edge-and-groove-tracked', (140 + 4 + 14) * 1000],
] as const)('%s asks for %s × %s by "%s": %s sat', async (name, product, quantity, shipping, sat) => {
  const shopper = await customer(open, name)
  await shopper.order(`order ${product}`, product, quantity, shipping)
  expect(await shopper.answer(`order ${product}`, 'payment-request')).toMatchObject({ msat: sat * 1000 })
  shopper.close()
})

test.each([
  ['felted-slippers', 2, 'world', (2 * (38_000 + 3000) + 15_000)],
  ['lake-mittens', 1, 'europe', 22_000 + 9000],
  ['lake-mittens-pattern', 1, 'email', 4500],
] as const)('Esma asks for nothing, and confirms %s × %s by "%s" once her address was paid %s sat', async (product, quantity, shipping, sat) => {
  const shopper = await customer(open, 'esma')
  await shopper.order(`order ${product}`, product, quantity, shipping)
  const profile = decodeProfile(open.relay.find({ kinds: [0], authors: [key('esma')] })[0] as unknown as NostrEvent)
  expect(profile).toMatchObject({ ok: true, value: { paymentPreference: 'lud16', lud16: `esma@${new URL(open.walletUrl).host}` } })
  const payAddress = openPayAddress({ network: 'regtest', clock: { now }, loopback: true })
  // Another order's sum is not taken for this one.
  for (const msat of [(sat + 1) * 1000, sat * 1000]) {
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(shopper.got).toEqual([])
    const made = await payAddress.invoice(profile.ok ? profile.value.lud16 : '', toMsat(msat))
    await open.lightning.pay(made.ok ? made.value.bolt11 : '')
  }
  expect(await shopper.answer(`order ${product}`, 'status')).toMatchObject({ author: key('esma'), saidPaid: true })
  expect(shopper.got.some(({ message }) => message.type === 'payment-request')).toBe(false)
  shopper.close()
})

test.each([
  ['dario', 'frame-pump', 15, 'europe', 'not enough'],
  ['dario', 'cork-bar-tape', 1, 'europe', 'not enough'],
  ['dario', 'leather-saddle', 1, 'europe', 'not ours'],
  ['dario', 'wool-cycling-cap', 1, 'workshop', 'not ours'],
  ['dario', 'frame-pump', 1, '', 'not ours'],
  ['bruno', 'kiln-street-soup-bowl', 1, 'eu', 'not ours'],
] as const)('%s refuses %s × %s by "%s" in words', async (name, product, quantity, shipping, words) => {
  const shopper = await customer(open, name)
  await shopper.order(`order ${product} ${quantity}${shipping}`, product, quantity, shipping)
  expect(await shopper.answer(`order ${product} ${quantity}${shipping}`, 'status')).toMatchObject({ cancelled: true, text: expect.stringContaining(words) })
  shopper.close()
})

test('what both dialects list sells out in both, and stays one thing', async () => {
  const stage = await sandbox({ market: true })
  const find = (kind: number) => stage.relay.find({ 'kinds': [kind], 'authors': [key('chiyo')], '#d': ['mori-tea-gyokuro-40-g'] })[0]
  const shopper = await customer(stage, 'chiyo')
  await shopper.order('order-5', 'mori-tea-gyokuro-40-g', 3, 'mori-tea-else')
  await stage.lightning.pay((await shopper.answer('order-5', 'payment-request')).options[0]?.link ?? '')
  await shopper.answer('order-5', 'status')
  expect(JSON.parse(find(30018)?.content ?? '{}')).toMatchObject({ quantity: 7 })
  expect(find(30402)?.tags).toContainEqual(['stock', '7'])
  expect(find(30402)?.created_at).toBe(find(30018)?.created_at)
  shopper.close()
})

test('an order that was answered before a restart is not answered again', async () => {
  const data = temporaryFolder()
  const first = await sandbox({ market: true, data })
  const before = await customer(first, 'dario')
  await before.order('order-4', 'wool-cycling-cap', 1, 'europe')
  await before.answer('order-4', 'payment-request')
  before.close()
  await first.stop()
  const after = await customer(await sandbox({ market: true, data }), 'dario', before.secret)
  await after.answer('order-4', 'payment-request')
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(after.got).toHaveLength(1)
  after.close()
})
