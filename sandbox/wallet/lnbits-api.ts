import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account, Transaction } from './till'
import type { WalletFaults } from './faults'
import { faultsOf, isMute } from './faults'
import { readBody, send } from './http'

export interface LnbitsWallet { readonly account: Account, readonly invoiceKey: string, readonly adminKey: string }

interface Call { readonly request: IncomingMessage, readonly response: ServerResponse, readonly path: string, readonly query: URLSearchParams }

/** Units of each currency for one bitcoin: the sandbox's fixed market. */
export const SANDBOX_PRICES: Readonly<Record<string, number>> = { EUR: 92_500, USD: 100_000, GBP: 78_400, CHF: 88_100, JPY: 15_200_000, CAD: 139_000, AUD: 152_000, BRL: 548_000, CZK: 2_310_000, PLN: 395_000, SEK: 1_050_000 }

/** The same prices for all at once, as Yadio gives them. */
export const allRates = (): unknown => ({ BTC: { ...SANDBOX_PRICES, BTC: 1 } })

/** The part of LNbits 1.x that a shop needs: create, look up, history, wallet, health, rates (payments.md §3). */
export class LnbitsApi {
  constructor(private readonly wallets: readonly LnbitsWallet[], private readonly set: WalletFaults, private readonly now: () => number) {}

  private get faults(): WalletFaults {
    return faultsOf(this.set, 'merchant')
  }

  /** The wallet whose invoice or admin key this is. */
  byKey(key: string): { readonly wallet: LnbitsWallet, readonly admin: boolean } | undefined {
    const wallet = this.wallets.find(entry => entry.invoiceKey === key || entry.adminKey === key)
    return wallet && { wallet, admin: wallet.adminKey === key }
  }

  async handle(call: Call): Promise<void> {
    const { request, response, path } = call
    if (path === '/rates')
      return send(response, 200, allRates())
    if (this.faults.offline)
      return void request.socket.destroy()
    if (path === '/api/v1/health')
      return send(response, 200, { server_time: this.now(), up_time: 'a while' })
    const rate = /^\/api\/v1\/rate\/([A-Za-z]{3})$/.exec(path)?.[1]?.toUpperCase()
    if (rate !== undefined) {
      const price = SANDBOX_PRICES[rate] ?? 0
      return send(response, 200, { price, rate: price === 0 ? 0 : 100_000_000 / price })
    }
    if (this.faults.stall)
      return
    if (this.faults.lateMs > 0)
      await new Promise(resolve => setTimeout(resolve, this.faults.lateMs))
    const key = String(request.headers['x-api-key'] ?? '')
    const found = this.byKey(key)
    const hash = /^\/api\/v1\/payments\/([0-9a-f]{64})$/.exec(path)?.[1]
    if (hash !== undefined)
      return this.state(response, hash, found?.wallet)
    if (key === '')
      return send(response, 401, { detail: 'No Api Key provided.' })
    if (found === undefined)
      return send(response, 404, { detail: 'Wallet not found.' })
    if (this.faults.fail !== null)
      return send(response, 520, { detail: 'As asked for by the test.', status: 'failed' })
    if (path === '/api/v1/wallet')
      return send(response, 200, { ...(found.admin ? { id: found.wallet.invoiceKey } : {}), name: found.wallet.account.name, balance: found.wallet.account.balanceMsat })
    if (path === '/api/v1/payments' && request.method === 'POST')
      return this.create(call, found.wallet, found.admin)
    if (path === '/api/v1/payments')
      return send(response, 200, this.history(found.wallet.account, call.query))
    return send(response, 404, { detail: 'Not Found' })
  }

  private async create({ request, response }: Call, { account }: LnbitsWallet, admin: boolean): Promise<void> {
    const body = await readBody(request)
    if (body === null)
      return send(response, 400, { detail: [{ loc: ['body'], msg: 'value is not a valid dict', type: 'type_error.dict' }] })
    // LNbits pays unless it is told otherwise.
    if (body['out'] !== false)
      return admin ? this.pay(response, account, String(body['bolt11'] ?? '')) : send(response, 403, { detail: 'Invoice (or Admin) key required.' })
    const amount = Number(body['amount'])
    if (!Number.isSafeInteger(amount) || amount <= 0 || (body['unit'] ?? 'sat') !== 'sat')
      return send(response, 400, { detail: 'amount' })
    const extra = typeof body['extra'] === 'object' && body['extra'] !== null ? body['extra'] as Readonly<Record<string, unknown>> : {}
    const made = await account.makeInvoice(amount * 1000, String(body['memo'] ?? ''), Number(body['expiry'] ?? 3600), extra)
    return this.answer(response, made)
  }

  /** The connection may break after it was done: the caller cannot know. */
  private answer(response: ServerResponse, made: Transaction | undefined): void {
    if (this.faults.loseAnswer)
      return void response.destroy()
    return send(response, 201, made === undefined ? {} : this.toWire(made))
  }

  private async pay(response: ServerResponse, account: Account, bolt11: string): Promise<void> {
    const outcome = await account.pay(bolt11)
    if (!outcome.paid)
      return send(response, 520, { detail: outcome.reason, status: outcome.reason === 'already-paid' ? 'success' : 'failed' })
    const made = [...account.transactions.values()].find(entry => entry.preimage === outcome.preimage)
    return this.answer(response, made)
  }

  private state(response: ServerResponse, hash: string, wallet: LnbitsWallet | undefined): void {
    const owner = this.wallets.map(entry => entry.account).find(account => account.transactions.has(hash))
    const found = owner?.transactions.get(hash)
    if (found === undefined)
      return send(response, 404, { detail: 'Payment does not exist.' })
    const paid = found.settledAt !== null
    return send(response, 200, { paid, status: paid ? 'success' : 'pending', preimage: found.preimage, ...(wallet?.account === owner ? { details: this.toWire(found) } : {}) })
  }

  private history(account: Account, query: URLSearchParams): readonly unknown[] {
    const offset = Number(query.get('offset') ?? 0)
    const limit = Math.min(Number(query.get('limit') ?? 20), 100)
    return [...account.transactions.values()].sort((a, b) => b.createdAt - a.createdAt).slice(offset, offset + limit).map(entry => this.toWire(entry))
  }

  /** What the push channel says of a payment: nothing, once, or twice. */
  pushes(transaction: Transaction): readonly unknown[] {
    const payment = this.toWire(transaction)
    return isMute(this.faults) ? [] : this.faults.twice ? [payment, payment] : [payment]
  }

  /** A Payment of LNbits 1.4: amounts in msat, both names of the invoice. */
  toWire(transaction: Transaction): Readonly<Record<string, unknown>> {
    const { paymentHash, bolt11, description, createdAt, expiresAt, settledAt, preimage, metadata, type } = transaction
    const time = (seconds: number): string => new Date(seconds * 1000).toISOString()
    const amount = transaction.receivedMsat ?? transaction.amountMsat
    return { checking_id: paymentHash, payment_hash: paymentHash, amount: type === 'incoming' ? amount : -amount, fee: 0, bolt11, payment_request: bolt11, fiat_provider: null, status: settledAt !== null ? 'success' : transaction.failed ? 'failed' : 'pending', memo: description, expiry: time(expiresAt), preimage, time: time(createdAt), created_at: time(createdAt), updated_at: time(settledAt ?? createdAt), extra: metadata }
  }
}
