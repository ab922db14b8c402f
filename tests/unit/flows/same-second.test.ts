import { expect, test } from 'vitest'
import { orderKey } from '../../../src/domain/order/keys'
import { placeOrder } from '../../../src/flows/placeOrder'
import { nextSecond } from '../../../src/flows/send'
import { sendChat } from '../../../src/flows/sendChat'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { T0 } from '../../support/order-messages'

const soap = productOfMerchant('soap', { stock: null })
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')

/** Late in a second; `slept`: how long was waited, ms. */
function lateClock(start: number) {
  const clock = manualClock(start)
  const timed = { ...clock, slept: 0, sleep: (ms: number, signal?: AbortSignal) => {
    timed.slept += ms
    return clock.sleep(ms, signal)
  } }
  return timed
}

test('T2: of two own messages in one second the later one waits for the next second, and no longer', async () => {
  const clock = lateClock(T0 + 10_000.75)
  const shopper = flowPerson('shopper', createHub(), clock)
  await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap, { orderId: 'order-1' }))
  clock.slept = 0
  const said = [await sendChat(shopper.deps, KEY, 'one'), await sendChat(shopper.deps, KEY, 'two')]
  expect(said.map(sent => sent.ok ? sent.value.sentAt - T0 : null)).toEqual([10_001, 10_002])
  // A quarter of a second, then a whole one: never more than is left of it.
  expect(clock.slept).toBe(1_250)
})

test('a clock that stands still, or is set back, keeps nobody waiting for good', async () => {
  let slept = 0
  const sleep = async (ms: number): Promise<void> => { slept += ms }
  await nextSecond({ now: () => T0 as never, sleep })
  expect(slept).toBeLessThan(1_500)
  let now = T0
  await nextSecond({ now: () => (now -= 5) as never, sleep })
  expect(slept).toBeLessThan(1_500)
})
