import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import DeskHold from '../../../src/components/desk/DeskHold.vue'
import OrderBadges from '../../../src/components/order/OrderBadges.vue'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { toMsat, toSeconds, type Hex32, type OrderKey } from '../../../src/domain/brand'
import type { Hold } from '../../../src/domain/order/held-money'
import type { Order } from '../../../src/domain/order/types'
import { useSettingsStore } from '../../../src/stores/settings'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { soon } from '../../support/page'
import { anOrder } from '../order/orders'
import { openDesk, pause, placeAt, soapAt, type DeskPage } from './desk-helpers'

const hold = (part: Partial<Hold>): Hold => ({
  paymentHash: '0'.repeat(64) as Hex32, preimage: '7'.repeat(64) as Hex32, attempt: 1, state: 'held', msat: toMsat(21_000), heldAt: toSeconds(1_100), releaseAt: toSeconds(1_700), reason: null,
  told: { held: true, released: false, refused: true }, endedAt: null, ...part,
})
const held = (part: Partial<Hold> = {}): Order => anOrder({ status: 'escrow_locked', holds: [hold(part)] })
const card = (order: Order): VueWrapper => mount(DeskHold, { props: { order, msatText: (msat: number) => `${msat / 1000} sat`, busy: '' } })

describe('what the merchant sees of reserved money', () => {
  test('how much, that it is not his yet, and both ways to decide', async () => {
    const wrapper = card(held())
    expect(wrapper.text()).toContain('21 sat reserved')
    expect(wrapper.text()).toContain('Not yours until it is taken')
    await wrapper.find('[data-test=hold-take]').trigger('click')
    await wrapper.find('[data-test=hold-release]').trigger('click')
    expect(wrapper.emitted()).toMatchObject({ take: [[]], giveBack: [[]] })
  })

  test('what is decided is not decided again; what another device made is that one\'s to take; nothing held, nothing shown', () => {
    expect(card(held({ state: 'taking' })).findAll('button')).toHaveLength(0)
    expect(card(held({ preimage: null })).findAll('button')).toHaveLength(0)
    expect(card(held({ preimage: null })).find('[data-test=hold-elsewhere]').exists()).toBe(true)
    for (const order of [anOrder(), held({ state: 'released' }), held({ state: 'taken' }), held({ state: 'releasing', heldAt: null })])
      expect(card(order).find('[data-test=desk-hold]').exists()).toBe(false)
  })

  test('until when Souk decides, and until when the wallet lets it go whatever becomes of Souk', () => {
    const until = toSeconds(Date.UTC(2026, 10, 22, 8) / 1_000)
    expect(card(held({ heldUntil: until })).find('[data-test=hold-until]').text()).toMatch(/your wallet holds it until about .*2026.* at the most, and then gives it back by itself while it is online/)
    expect(card(held()).find('[data-test=hold-until]').text()).toContain('It did not say when that is.')
    // Where only the word about it is here, it was said ten minutes before its end.
    const elsewhere = card(held({ preimage: null, releaseAt: null })).find('[data-test=hold-elsewhere]').text()
    expect(elsewhere).toBe(card(held({ preimage: null })).find('[data-test=hold-elsewhere]').text())
    expect(elsewhere).toContain('after that it is given back from here')
  })

  test('T8: the badge says reserved, on both sides', () => {
    for (const role of ['shopper', 'merchant'] as const)
      expect(mount(OrderBadges, { props: { order: held(), role } }).find('[data-badge=reserved]').text()).toContain('Reserved')
  })
})

describe('a desk that reserves first', () => {
  let hub: Hub
  let desk: DeskPage
  beforeEach(() => { hub = createHub() })
  afterEach(() => desk.page.close())

  /** Ordered, answered by itself, and being paid by somebody who waits. */
  async function reserved(listed: number, now: number): Promise<{ readonly key: OrderKey, readonly end: { result: Awaited<ReturnType<DeskPage['ledger']['pay']>> | null } }> {
    desk = await openDesk({ hub })
    desk.page.use(useSettingsStore).reserve = 'few'
    const soap = soapAt(3_600, { stock: listed })
    desk.bring([soap])
    desk.progress({ phase: 'live', complete: [HUB] })
    const key = await placeAt(hub, soap, 'order-1')
    const order = await soon(() => desk.order(key)?.request && desk.order(key), 'the invoice')
    expect(order.request).toMatchObject({ reserve: true, text: expect.stringContaining('If I cannot deliver, your money comes back by itself.') })
    // Sold elsewhere meanwhile.
    if (now !== listed)
      desk.bring([{ ...soap, stock: now, publishedAt: toSeconds(soap.publishedAt + 60) }])
    const end: { result: Awaited<ReturnType<DeskPage['ledger']['pay']>> | null } = { result: null }
    void desk.ledger.pay(order.issued[0]?.bolt11 ?? '').then((result) => { end.result = result })
    return { key, end }
  }

  test('takes by itself what is there', async () => {
    const { key, end } = await reserved(1, 1)
    await soon(() => desk.order(key)?.payment === 'proved', 'taken')
    expect(end.result).toMatchObject({ paid: true })
    expect(desk.order(key)?.timeline.map(({ what }) => what)).toContain('held')
  }, 20_000)

  test('gives back by itself what is gone, and refuses', async () => {
    const { key, end } = await reserved(1, 0)
    await soon(() => desk.order(key)?.refusal, 'the refusal')
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    expect(desk.order(key)).toMatchObject({ status: 'failed', payment: 'unpaid', holds: [{ state: 'released', reason: 'sold-out' }] })
    expect(desk.order(key)?.timeline.find(({ what }) => what === 'hold-released')?.text ?? '').toContain('back in your wallet')
  }, 20_000)

  test('with many pieces left nothing is reserved: what is paid is taken', async () => {
    desk = await openDesk({ hub })
    desk.page.use(useSettingsStore).reserve = 'few'
    const soap = soapAt(3_600, { stock: 40 })
    desk.bring([soap])
    desk.progress({ phase: 'live', complete: [HUB] })
    const key = await placeAt(hub, soap, 'order-1')
    const order = await soon(() => desk.order(key)?.request && desk.order(key), 'the invoice')
    expect(order.request?.reserve).toBeUndefined()
    expect((await desk.ledger.pay(order.issued[0]?.bolt11 ?? '')).paid).toBe(true)
    await soon(() => desk.order(key)?.payment === 'proved', 'paid')
  }, 20_000)

  test('by hand, while the listings are not all here', async () => {
    desk = await openDesk({ hub })
    desk.page.use(useSettingsStore).reserve = 'all'
    const soap = soapAt(3_600, { stock: 1 })
    desk.bring([soap])
    const key = await placeAt(hub, soap, 'order-1')
    await soon(() => desk.order(key), 'the order')
    const work = desk.page.run(() => useMerchantOrder(key)).value
    expect(await work.makeInvoice()).toMatchObject({ ok: true })
    const order = await soon(() => desk.order(key)?.request && desk.order(key), 'the invoice')
    const paying = desk.ledger.pay(order.issued[0]?.bolt11 ?? '')
    await soon(() => desk.order(key)?.status === 'escrow_locked', 'held')
    await pause(50)
    expect(await work.decideHold('take')).toMatchObject({ ok: true })
    expect(await paying).toMatchObject({ paid: true })
    await soon(() => desk.order(key)?.payment === 'proved', 'taken')
  }, 20_000)
})
