import * as v from 'valibot'
import type { Hex32 } from '../domain/brand'
import type { PayOutcome, Wallet } from '../ports/wallet'
import { provenPreimage } from './preimage'

/** What a browser wallet puts on the page; everything in it is foreign code. */
interface Provider {
  enable(): Promise<unknown>
  sendPayment(invoice: string): Promise<unknown>
  lookupInvoice?(query: { paymentHash: string }): Promise<unknown>
}

const isFunction = (value: unknown): boolean => typeof value === 'function'
function isProvider(value: unknown): value is Provider {
  return typeof value === 'object' && value !== null && 'enable' in value && isFunction(value.enable)
    && 'sendPayment' in value && isFunction(value.sendPayment)
}

/** Looked up at each use, since it may be injected late. */
export const weblnOnPage = (): unknown => Reflect.get(globalThis, 'webln')

const Paid = v.object({ preimage: v.optional(v.string(), '') })
const Looked = v.object({ paid: v.optional(v.boolean(), false), preimage: v.optional(v.string(), '') })

const unknown = (reason: string): PayOutcome => ({ status: 'unknown', reason })
/** Wallets differ in how they say no; they agree on these words (payments.md §5). */
const saidNo = (thrown: unknown): boolean => thrown instanceof Error && /reject|cancel/i.test(`${thrown.name} ${thrown.message}`)

function outcome(preimage: string, paymentHash: Hex32): PayOutcome {
  const proven = provenPreimage(preimage, paymentHash)
  if (proven)
    return { status: 'paid', preimage: proven, fees: null }
  return unknown(preimage === '' ? 'the wallet gave no proof' : 'preimage_mismatch')
}

const aborted = (signal: AbortSignal | undefined): Promise<PayOutcome> => new Promise((resolve) => {
  if (signal?.aborted)
    resolve(unknown('stopped waiting'))
  signal?.addEventListener('abort', () => resolve(unknown('stopped waiting')), { once: true })
})

/** A wallet in the browser (WebLN). It is asked only after a click, since `enable()` may open a window. */
export function openWebln(provider: () => unknown = weblnOnPage): Wallet {
  async function send(webln: Provider, bolt11: string, paymentHash: Hex32): Promise<PayOutcome> {
    try {
      const paid = v.safeParse(Paid, await webln.sendPayment(bolt11))
      return outcome(paid.success ? paid.output.preimage : '', paymentHash)
    }
    catch (thrown) {
      return saidNo(thrown) ? { status: 'declined' } : unknown('the wallet ended with an error')
    }
  }

  return {
    kind: 'webln',
    async pay(invoice, options) {
      const webln = provider()
      if (!isProvider(webln))
        return { status: 'failed', code: 'not_implemented', detail: 'No wallet in this browser' }
      const enabled = await webln.enable().then(() => true, () => false)
      // Stopped before anything was sent.
      if (!enabled || options?.signal?.aborted)
        return { status: 'declined' }
      return Promise.race([send(webln, invoice.bolt11, invoice.paymentHash), aborted(options?.signal)])
    },
    async resolve(paymentHash) {
      const webln = provider()
      if (!isProvider(webln) || !webln.lookupInvoice)
        return unknown('this wallet cannot be asked')
      const answer = await webln.lookupInvoice({ paymentHash }).then(value => value, () => null)
      const looked = v.safeParse(Looked, answer)
      return looked.success && looked.output.paid ? outcome(looked.output.preimage, paymentHash) : unknown('not seen as paid')
    },
    dispose: () => undefined,
  }
}
