import { beforeEach, describe, expect, test } from 'vitest'
import { ownInvoices } from '../../../src/domain/order/own-invoices'
import type { LocalFact } from '../../../src/domain/order/types'
import type { OrderKey } from '../../../src/domain/brand'
import type { WalletSettings } from '../../../src/domain/wallet/merchant-wallets'
import { walletId } from '../../../src/domain/wallet/merchant-wallets'
import { lookupAcross, type OpenedWallet } from '../../../src/flows/lookup-invoice'
import { composeOwnNote } from '../../../src/flows/own-notes'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { openAddressSource } from '../../../src/payments/address-source'
import type { InvoiceSource } from '../../../src/ports/invoices'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { noFaults } from '../../../sandbox/wallet/faults'
import { LnbitsApi } from '../../../sandbox/wallet/lnbits-api'
import { lnurlApi } from '../../../sandbox/wallet/lnurl-api'
import { serveWallet } from '../../../sandbox/wallet/server'
import { Account } from '../../../sandbox/wallet/till'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, shelfWith, type FlowPerson } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { manualClock } from '../../support/manual-clock'
import { ledgerSource } from '../../support/memory-services'

const soap = productOfMerchant('soap', { stock: null })
const shelf = shelfWith(soap)
let hub: Hub
let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let shopper: FlowPerson
let key: OrderKey
beforeEach(async () => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelf, soap))
  if (!placed.ok)
    throw new Error(placed.error.code)
  key = placed.value
  await shopper.post()
  await merchant.fetch()
})

const tillSettings = (digit: string): WalletSettings => ({ kind: 'lnbits', url: 'https://ln.example', invoiceKey: digit.repeat(32) })
const opened = (settings: WalletSettings, source: InvoiceSource): OpenedWallet => ({ id: walletId(settings), name: '', settings, source })

/** A wallet of its own, which knows only its own invoices and counts who asks. */
function till(digit: string) {
  const ledger = new LedgerBackend(() => clock.now())
  const made = new Set<string>()
  const own = ledgerSource(ledger)
  const asked: string[] = []
  const source: InvoiceSource = {
    ...own,
    async create(request) {
      const invoice = await own.create(request)
      if (invoice.ok)
        made.add(invoice.value.paymentHash)
      return invoice
    },
    async lookup(hash) {
      asked.push(hash)
      return made.has(hash) ? own.lookup(hash) : { status: 'unknown', reason: 'not mine' }
    },
  }
  return { ledger, asked, wallet: opened(tillSettings(digit), source) }
}
const issueBy = async ({ id, source }: OpenedWallet, person = merchant) => requestPayment({ ...await deskOf(person, () => shelf, new LedgerBackend(() => clock.now())), notes: facts => notes(person, facts), source, wallet: id }, key)
const notes = (person: FlowPerson, facts: readonly LocalFact[]) => composeOwnNote(person.deps, facts)
const settleWith = (wallets: readonly OpenedWallet[], hash: string, person = merchant) => settlePayment({ ...person.deps, source: lookupAcross(wallets), paidWords: 'Thank you' }, key, hash as never)
const orderOf = async (person: FlowPerson) => {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new Error('no order')
  return order
}

describe('several wallets', () => {
  test('an invoice is looked up at the wallet that made it, which no longer issues, and nowhere else', async () => {
    const [one, two] = [till('1'), till('2')]
    expect(await issueBy(one.wallet)).toMatchObject({ ok: true })
    const [invoice] = (await orderOf(merchant)).issued
    expect(invoice?.wallet).toBe(one.wallet.id)
    await one.ledger.pay(invoice?.bolt11 ?? '')
    expect(await settleWith([two.wallet, one.wallet], invoice?.paymentHash ?? '')).toMatchObject({ value: { found: 'payment' } })
    expect([one.asked.length, two.asked.length]).toEqual([1, 0])
  })

  test('T5: where that wallet is not connected every other is asked, and what none knows stays unknown, not unpaid', async () => {
    const [one, two, three] = [till('1'), till('2'), till('3')]
    await issueBy(one.wallet)
    const hash = (await orderOf(merchant)).issued[0]?.paymentHash ?? ''
    expect(await settleWith([two.wallet, three.wallet], hash)).toMatchObject({ value: { state: { status: 'unknown' }, found: 'nothing' } })
    expect([two.asked, three.asked]).toEqual([[hash], [hash]])
    expect(await settleWith([], hash)).toMatchObject({ value: { state: { status: 'unknown' } } })
    // The same wallet by another connection.
    const again = { ...one.wallet, id: 'other' }
    await one.ledger.pay((await orderOf(merchant)).issued[0]?.bolt11 ?? '')
    expect(await settleWith([two.wallet, again], hash)).toMatchObject({ value: { found: 'payment' } })
  })

  test('I13: an invoice that was kept and never sent is not sent for a wallet that was let go meanwhile', async () => {
    const [one, two] = [till('1'), till('2')]
    const mute = { ...merchant.deps, mail: { compose: async () => ({ ok: false, error: { code: 'locked' } }) as never } }
    await requestPayment({ ...await deskOf(merchant, () => shelf, one.ledger), ...mute, source: one.wallet.source, wallet: one.wallet.id }, key)
    expect((await orderOf(merchant)).requests).toEqual([])
    await clock.advance(5)
    expect(await issueBy(two.wallet)).toMatchObject({ ok: true })
    const order = await orderOf(merchant)
    expect(order.issued.map(({ wallet }) => wallet)).toEqual([one.wallet.id, two.wallet.id])
    expect(order.request?.paymentHash).toBe(order.issued[1]?.paymentHash)
  })
})

describe('a Lightning address', () => {
  const faults = noFaults()
  async function addressTill() {
    Object.assign(faults, noFaults())
    const lightning = new LedgerBackend(() => clock.now())
    const account = new Account('Shop', 'merchant', 0, lightning, faults, () => clock.now())
    lightning.onReceived(payment => account.settle(payment))
    const server = await serveWallet(0, new LnbitsApi([], faults, () => clock.now()), [lnurlApi({ amina: account }, faults)])
    const settings: WalletSettings = { kind: 'lightning-address', address: `amina@${new URL(server.url).host}` }
    const open = (): OpenedWallet => opened(settings, openAddressSource({ address: settings.address, network: 'regtest', clock, loopback: true }))
    return { lightning, server, open }
  }

  test('T5: where to ask whether it was paid survives a reload and reaches the account\'s other devices, and no shopper', async () => {
    const { lightning, server, open } = await addressTill()
    try {
      expect(await issueBy(open())).toMatchObject({ ok: true })
      await merchant.post()
      const [invoice] = (await orderOf(merchant)).issued
      expect(invoice?.verify).toContain('/verify/')
      const second = flowPerson('merchant', hub, clock)
      await second.fetch()
      const order = await orderOf(second)
      expect(ownInvoices(order)).toMatchObject([{ wallet: invoice?.wallet, verify: invoice?.verify, bolt11: invoice?.bolt11 }])
      await lightning.pay(invoice?.bolt11 ?? '')
      expect(await settleWith([open()], invoice?.paymentHash ?? '', second)).toMatchObject({ value: { found: 'payment', state: { received: invoice?.asked } } })
      await shopper.fetch()
      expect(ownInvoices(await orderOf(shopper))[0]).not.toHaveProperty('verify')
    }
    finally {
      await server.close()
    }
  })

  test('T8: one that nobody speaks of stays unknown, until a connected wallet is found to have been paid', async () => {
    const { lightning, server, open } = await addressTill()
    try {
      faults.noVerify = true
      expect(await issueBy(open())).toMatchObject({ ok: true })
      const [invoice] = (await orderOf(merchant)).issued
      expect(invoice?.verify).toBeNull()
      await lightning.pay(invoice?.bolt11 ?? '')
      expect(await settleWith([open()], invoice?.paymentHash ?? '')).toMatchObject({ value: { state: { status: 'unknown' } } })
      const behind = opened(tillSettings('9'), ledgerSource(lightning))
      expect(await settleWith([open(), behind], invoice?.paymentHash ?? '')).toMatchObject({ value: { found: 'payment' } })
    }
    finally {
      await server.close()
    }
  })
})
