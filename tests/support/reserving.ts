/** A merchant who reserves first, two shoppers, and a ledger for a wallet. */
import { LedgerBackend } from '../../sandbox/lightning/ledger'
import { isHex32, type Hex32, type OrderKey } from '../../src/domain/brand'
import type { Product } from '../../src/domain/catalog/types'
import { orderKey } from '../../src/domain/order/keys'
import { paymentPanel, type PaymentPanelState } from '../../src/domain/order/payment-panel'
import type { Order } from '../../src/domain/order/types'
import { placeOrder } from '../../src/flows/placeOrder'
import { requestPayment } from '../../src/flows/requestPayment'
import { settleHold, type HoldChoice, type SettleHoldDeps } from '../../src/flows/settleHold'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from './flow-people'
import { manualClock } from './manual-clock'
import { createHub } from './memory-hub'

/** One piece is left. */
export const mug = productOfMerchant('mug', { stock: 1 })
export const soap = productOfMerchant('soap', { stock: null })
export const notice = 'Your money comes back by itself'
/** What the listing says of the mug from now on. */
export const shelfOf = (stock: number) => shelfWith(productOfMerchant('mug', { stock }), soap)

type Paid = Awaited<ReturnType<LedgerBackend['pay']>>
export type Counter = SettleHoldDeps & Awaited<ReturnType<typeof deskOf>>

export class Reserving {
  shelf = shelfWith(mug, soap)
  readonly hub = createHub()
  readonly clock = manualClock()
  readonly ledger: LedgerBackend
  readonly merchant = flowPerson('merchant', this.hub, this.clock)
  readonly shopper = flowPerson('shopper', this.hub, this.clock)
  readonly second = flowPerson('shopper2', this.hub, this.clock)
  private secrets = 0

  constructor(holdSeconds?: number) {
    this.ledger = new LedgerBackend(() => this.clock.now(), undefined, holdSeconds)
  }

  /** @param complete whether all the listings are here */
  async counter(person: FlowPerson = this.merchant, complete = true): Promise<Counter> {
    return {
      ...await deskOf(person, () => this.shelf, this.ledger),
      shelfComplete: () => complete,
      isCurrent: () => complete,
      reserve: { wanted: () => true, preimage: () => this.newSecret(), text: notice },
      paidWords: 'taken, thank you',
      holdWords: { held: 'reserved, not yet taken', soldOut: 'gone', released: reason => `not taken: ${reason}` },
    }
  }

  private newSecret(): Hex32 {
    const text = (this.secrets += 1).toString(16).padStart(64, '7')
    if (!isHex32(text))
      throw new Error('no secret')
    return text
  }

  async place(who: 'shopper' | 'shopper2', product: Product, orderId = 'order-1'): Promise<OrderKey> {
    const person = who === 'shopper' ? this.shopper : this.second
    const placed = await placeOrder(person.deps, checkoutOf(this.shelf, product, { orderId }))
    if (!placed.ok)
      throw new Error(placed.error.code)
    await person.post()
    await this.merchant.fetch()
    return orderKey(pubkeyOf(who), pubkeyOf('merchant'), orderId)
  }

  async at(person: FlowPerson, key: OrderKey): Promise<Order> {
    const found = (await person.orders()).get(key)
    if (found === undefined)
      throw new Error('no such order')
    return found
  }

  async exchange(): Promise<void> {
    await this.clock.advance(2)
    for (const person of [this.merchant, this.shopper, this.second])
      await person.post()
    await Promise.all([this.merchant.fetch(), this.shopper.fetch(), this.second.fetch()])
  }

  async panel(person: FlowPerson, key: OrderKey): Promise<PaymentPanelState> {
    return paymentPanel({ order: await this.at(person, key), now: this.clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
  }

  async hashOf(key: OrderKey): Promise<Hex32> {
    const hash = (await this.at(this.merchant, key)).issued.at(-1)?.paymentHash
    if (hash === undefined)
      throw new Error('nothing issued')
    return hash
  }

  /** Ordered, asked for, and read by the shopper. */
  async asked(who: 'shopper' | 'shopper2', product: Product, orderId?: string): Promise<OrderKey> {
    const key = await this.place(who, product, orderId)
    const done = await requestPayment(await this.counter(), key)
    if (!done.ok)
      throw new Error(done.error.code)
    await this.exchange()
    return key
  }

  /** Paid by somebody who now waits; `result` once their wallet knows. */
  async reserved(key: OrderKey): Promise<{ result: Paid | null }> {
    const bolt11 = (await this.at(this.merchant, key)).issued.at(-1)?.bolt11 ?? ''
    const end: { result: Paid | null } = { result: null }
    void this.ledger.pay(bolt11).then((result) => { end.result = result })
    await Promise.resolve()
    return end
  }

  async settle(key: OrderKey, change: Partial<SettleHoldDeps> = {}, choice: HoldChoice | null = null): ReturnType<typeof settleHold> {
    return settleHold({ ...await this.counter(), ...change }, key, await this.hashOf(key), choice)
  }
}
