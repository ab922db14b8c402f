/** What was left unsaid about money is said by the session, with no page of the order open. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useHeldOrders } from '../../../src/composables/useHeldOrders'
import { useRefundDeps } from '../../../src/composables/useRefundDeps'
import { toMsat, toSeconds, type OrderKey } from '../../../src/domain/brand'
import { cancelOrder } from '../../../src/flows/order-words'
import { payRefund } from '../../../src/flows/payRefund'
import { sendChat } from '../../../src/flows/sendChat'
import { systemClock } from '../../../src/nostr/system-clock'
import { refundPayerOn } from '../../../src/ports/refund'
import type { Services } from '../../../src/ports/services'
import type { PayOutcome, Wallet } from '../../../src/ports/wallet'
import { useAccountStore } from '../../../src/stores/account'
import { useRefundWalletStore } from '../../../src/stores/refund-wallet'
import { flowPerson } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'
import { soon } from '../../support/page'
import { openDesk, pause, placeAt, soapAt, type DeskPage } from './desk-helpers'

const SPENDING = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'c'.repeat(64)}`
const soap = soapAt(3_600)
let hub: Hub
let desk: DeskPage
let later: number
beforeEach(() => {
  hub = createHub()
  later = 0
})
afterEach(() => desk.page.close())

/** Half a minute is a blink here. */
const quick = { ...systemClock, now: () => toSeconds(systemClock.now() + later), sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms >= 1_000 ? ms / 100 : ms, signal) }

async function open(change: (services: Services) => Partial<Services> = () => ({})): Promise<OrderKey> {
  desk = await openDesk({ hub, change: services => ({ clock: quick, ...change(services) }) })
  desk.bring([soap])
  desk.progress({ phase: 'live', complete: [HUB] })
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => desk.order(key)?.request, 'the invoice')
  return key
}
async function paid(key: OrderKey): Promise<void> {
  await desk.ledger.pay(desk.order(key)?.issued[0]?.bolt11 ?? '')
  await soon(() => desk.order(key)?.payments.some(({ strength }) => strength === 'said'), 'paid, and said')
}
const refund = async () => ({ id: 'r1', msat: toMsat(4_000), reason: 'broken', to: (await desk.ledger.invoice(4_000, 'back', 3_600)).bolt11 })

test('a refund that was paid while the word about it could not go out is told by itself, and not paid again', async () => {
  const key = await open()
  await paid(key)
  const given = await desk.page.run(useRefundDeps).value(key)
  if (!given.ok)
    throw new TypeError('no account')
  const deps = given.value
  let payments = 0
  const wallet = ledgerWallet(desk.ledger)
  const payer = refundPayerOn({ ...wallet, pay: (invoice) => {
    payments += 1
    return wallet.pay(invoice)
  } })
  const mute = { ...deps, mail: { compose: async () => ({ ok: false, error: { code: 'locked' } }) as never } }
  delete (mute as { notes?: unknown }).notes
  expect(await payRefund({ ...mute, payer }, key, await refund())).toMatchObject({ ok: true, value: { status: 'paid' } })
  await soon(() => desk.order(key)?.refunds[0]?.state === 'paid', 'paid back')
  await soon(() => desk.order(key)?.refunds[0]?.told, 'told')
  await pause(500)
  const kept = await desk.page.use(useAccountStore).journal?.messagesOf(key)
  expect(kept?.ok && kept.value.filter(message => message.type === 'status' && message.refund !== undefined)).toHaveLength(1)
  expect(payments).toBe(1)
}, 20_000)

test('a refund whose end nobody heard is asked about until the wallet knows, with no page of it open', async () => {
  let payments = 0
  let outcome: PayOutcome = { status: 'unknown', reason: 'no answer' }
  const wallet: Wallet = { kind: 'nwc', dispose: () => undefined, resolve: async () => outcome, pay: async () => {
    payments += 1
    return { status: 'unknown', reason: 'no answer' }
  } }
  let opened = 0
  let looked = 0
  const key = await open(() => ({ openWallet: () => {
    opened += 1
    return { ...wallet, budget: async () => {
      looked += 1
      return null
    } }
  } }))
  await paid(key)
  const given = await desk.page.run(useRefundDeps).value(key)
  if (!given.ok)
    throw new TypeError('no account')
  const deps = given.value
  desk.page.use(useRefundWalletStore).hold(SPENDING)
  await pause(100)
  // T17: what may spend is not even opened while there is nothing to ask it.
  expect(opened).toBe(0)
  const draft = await refund()
  expect(await payRefund({ ...deps, payer: refundPayerOn(wallet) }, key, draft)).toMatchObject({ ok: true, value: { status: 'unknown' } })
  await soon(() => desk.order(key)?.refunds[0]?.state === 'unknown', 'in doubt')
  const left = await desk.ledger.pay(draft.to)
  outcome = { status: 'paid', preimage: (left.paid ? left.preimage : '') as never, fees: null }
  await soon(() => desk.order(key)?.refunds[0]?.told && desk.order(key)?.refunds[0]?.state === 'paid', 'known and told')
  expect({ payments, opened, looked }).toEqual({ payments: 1, opened: 1, looked: 0 })
}, 20_000)

test('T9: less than was asked is said to the customer by itself, once', async () => {
  let less = false
  const key = await open(services => ({ openInvoiceSource: (settings) => {
    const source = services.openInvoiceSource(settings)
    return { ...source, lookup: async (hash, ...rest) => less ? { status: 'settled', received: toMsat(10_000), settledAt: null, preimage: null } : source.lookup(hash, ...rest) }
  } }))
  less = true
  // When it is looked up again.
  later = 120
  await soon(() => desk.order(key)?.problems.includes('underpaid'), 'less arrived')
  await soon(() => desk.order(key)?.payments.some(({ strength, paymentHash }) => strength === 'said' && paymentHash !== null), 'said')
  await pause(500)
  const said = desk.order(key)?.timeline.filter(({ text }) => text.includes('arrived for')) ?? []
  expect(said).toHaveLength(1)
  expect(said[0]?.text).toMatch(/^10 sat of 15 sat arrived for ORD-/)
}, 20_000)

test('T9: what is paid after the order has ended is said to the customer by itself, once', async () => {
  const key = await open()
  const shopper = flowPerson('shopper', hub, quick)
  await shopper.fetch()
  expect(await cancelOrder(shopper.deps, key, 'shopper', 'changed my mind')).toMatchObject({ ok: true })
  await shopper.post()
  await soon(() => desk.order(key)?.status === 'cancelled', 'cancelled')
  // Of two things of one second nobody could say which was first.
  await pause(1_100)
  await desk.ledger.pay(desk.order(key)?.issued[0]?.bolt11 ?? '')
  // When it is looked up again.
  later = 120
  await soon(() => desk.order(key)?.problems.includes('paid-after-end'), 'found')
  await soon(() => desk.order(key)?.payments.some(({ excess }) => excess === 'late'), 'said')
  await pause(500)
  const said = desk.order(key)?.timeline.filter(({ text }) => text.includes('It is yours')) ?? []
  expect(said).toHaveLength(1)
  expect(said[0]?.text).toMatch(/^15 sat arrived after order ORD-\S+ had ended\. It is yours, and I send it back\./)
}, 20_000)

test('T9: the wallet of the former invoice does not answer: nothing is asked by itself, and the order waits with that reason', async () => {
  let silent = false
  const key = await open(services => ({ openInvoiceSource: (settings) => {
    const source = services.openInvoiceSource(settings)
    return { ...source, lookup: async (hash, ...rest) => silent ? { status: 'unknown', reason: 'no answer' } : source.lookup(hash, ...rest) }
  } }))
  const held = desk.page.run(useHeldOrders).value
  silent = true
  later = 2 * 3_600
  const shopper = flowPerson('shopper', hub, quick)
  await shopper.fetch()
  expect(await sendChat(shopper.deps, key, 'I paid, did you get it?')).toMatchObject({ ok: true })
  await shopper.post()
  await soon(() => held.reasonOf({ key }) === 'former-unknown', 'the reason')
  expect(desk.order(key)?.issued).toHaveLength(1)
}, 20_000)
