import { expect, test } from 'vitest'
import { orderKey } from '../../../src/domain/order/keys'
import { confirmReceived } from '../../../src/flows/order-words'
import { acceptByHand, takeBackByHand } from '../../../src/flows/acceptByHand'
import { lookUpPerson } from '../../../src/flows/lookUpPerson'
import { placeOrder } from '../../../src/flows/placeOrder'
import { sendChat } from '../../../src/flows/sendChat'
import { systemClock } from '../../../src/nostr/system-clock'
import { toSeconds } from '../../../src/domain/brand'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith } from '../../support/flow-people'
import { createHub, HUB } from '../../support/memory-hub'
import { idOf } from '../../support/order-messages'
import { signed } from '../../support/signed'

const soap = productOfMerchant('soap', { stock: 4 })
const merchant = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
const orderId = 'order-4711'
const key = orderKey(pubkeyOf('shopper'), merchant.pubkey, orderId)

async function placedOrder() {
  const hub = createHub()
  const shopper = flowPerson('shopper', hub, systemClock)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap, { orderId }))
  expect(placed).toEqual({ ok: true, value: key })
  return { hub, shopper }
}

test('an order goes on in what the merchant last spoke: a NIP-17 answer to a NIP-04 order is answered by NIP-17', async () => {
  const { shopper } = await placedOrder()
  const first = await sendChat(shopper.deps, key, 'hello')
  expect(first).toMatchObject({ ok: true, value: { transport: 'nip04' } })
  const at = toSeconds(systemClock.now() + 1)
  await shopper.deps.journal.append({ id: idOf(77), author: merchant.pubkey, receiver: pubkeyOf('shopper'), sentAt: at, transport: 'nip59', dialect: 'gamma', type: 'status', orderId, text: '', shipped: true })
  expect(await sendChat(shopper.deps, key, 'thank you')).toMatchObject({ ok: true, value: { transport: 'nip59', dialect: 'gamma', orderId } })
  expect(await confirmReceived(shopper.deps, key, 'It arrived')).toMatchObject({ ok: true, value: { transport: 'nip59' } })
  expect((await shopper.deps.journal.deliveriesOf(key)).every(({ transport }) => transport === 'nip04' || transport === 'nip59')).toBe(true)
})

test('what a throw-away key says counts once it was accepted, and accepting twice is once', async () => {
  const { shopper } = await placedOrder()
  await shopper.deps.journal.append({ id: idOf(78), author: pubkeyOf('shopper2'), receiver: pubkeyOf('shopper'), sentAt: systemClock.now(), transport: 'nip59', dialect: 'shopstr', type: 'unattributed', orderId, subject: 'shipping-info', text: 'sent', itemOf: merchant.pubkey })
  expect(await acceptByHand(shopper.deps, key, idOf(78))).toMatchObject({ ok: true })
  expect(await acceptByHand(shopper.deps, key, idOf(78))).toMatchObject({ ok: true })
  const kept = await shopper.deps.journal.messagesOf(key)
  expect(kept.ok && kept.value.filter(({ type }) => type === 'accept-unattributed')).toHaveLength(1)
  expect(await acceptByHand(shopper.deps, orderKey(pubkeyOf('shopper'), merchant.pubkey, 'no such'), idOf(78))).toMatchObject({ ok: false, error: { code: 'no-order' } })
})

test('an acceptance can be taken back and given again, as often as one likes within a second; the last judgement counts', async () => {
  const { shopper } = await placedOrder()
  await shopper.deps.journal.append({ id: idOf(78), author: pubkeyOf('shopper2'), receiver: pubkeyOf('shopper'), sentAt: systemClock.now(), transport: 'nip59', dialect: 'shopstr', type: 'unattributed', orderId, subject: 'shipping-info', text: 'sent', itemOf: merchant.pubkey })
  const now = async () => {
    const found = (await shopper.orders()).get(key)
    return { shipped: found?.shipped, waiting: found?.unattributed }
  }
  for (const _ of [1, 2]) {
    expect(await acceptByHand(shopper.deps, key, idOf(78))).toMatchObject({ ok: true })
    expect(await now()).toEqual({ shipped: true, waiting: 0 })
    for (const _ of [1, 2])
      expect(await takeBackByHand(shopper.deps, key, idOf(78))).toMatchObject({ ok: true })
    expect(await now()).toEqual({ shipped: false, waiting: 1 })
  }
  const kept = await shopper.deps.journal.messagesOf(key)
  expect(kept.ok && kept.value.filter(({ type }) => type === 'accept-unattributed')).toHaveLength(4)
})

test('inbox relays and recommended applications are looked up; a relay that is away is not a no', async () => {
  const hub = createHub()
  const ask = () => lookUpPerson({ relays: hub.relays, clock: systemClock, at: [HUB] }, merchant.pubkey)
  expect(await ask()).toEqual({ inbox: false, apps: [] })
  const at = systemClock.now()
  hub.kept.push(
    signed({ kind: 10_050, created_at: at, tags: [['relay', HUB]] }, merchant),
    signed({ kind: 31_989, created_at: at, tags: [['d', '30402'], ['a', `31990:${'a'.repeat(64)}:shopstr`, HUB, 'web']] }, merchant),
    // Somebody else's recommendation is none of theirs.
    signed({ kind: 31_989, created_at: at + 9, tags: [['d', '30402'], ['a', `31990:${'a'.repeat(64)}:plebeian`, HUB, 'web']] }, { secret: secrets.shopper, pubkey: pubkeyOf('shopper') }),
  )
  expect(await ask()).toEqual({ inbox: true, apps: ['shopstr'] })
  hub.setOpen(false)
  expect(await ask()).toMatchObject({ inbox: null })
})
