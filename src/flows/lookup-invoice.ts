import { whereToAsk, type MerchantWallet } from '../domain/wallet/merchant-wallets'
import type { Seconds } from '../domain/brand'
import { ok, type Result } from '../domain/result'
import type { IncomingPayment, InvoiceSource, InvoiceState, WalletError } from '../ports/invoices'

export interface OpenedWallet extends MerchantWallet { readonly source: InvoiceSource }

/** Nobody who is connected here can know whether this invoice was paid. */
export const nobodyKnows: InvoiceState = { status: 'unknown', reason: 'no connected wallet can know' }

/**
 * Asks the wallet that made an invoice; where that one is not connected or cannot know, each of the others in turn, until one
 * knows it. Only a wallet's own word is an answer: 'unknown' is none (T8).
 */
export function lookupAcross(wallets: readonly OpenedWallet[]): Pick<InvoiceSource, 'lookup'> {
  return {
    async lookup(paymentHash, signal, kept) {
      let state = nobodyKnows
      for (const id of whereToAsk(kept ?? {}, wallets).ids) {
        const source = wallets.find(wallet => wallet.id === id)?.source
        state = await source?.lookup(paymentHash, signal, kept) ?? state
        if (state.status !== 'unknown')
          return state
      }
      return state
    },
  }
}

/** What all of them tell of payments that nobody asked them for; one that does not answer fails it only where none does. */
export async function incomingAcross(wallets: readonly OpenedWallet[], since: Seconds): Promise<Result<readonly IncomingPayment[], WalletError>> {
  const answers = await Promise.all(wallets.flatMap(({ source }) => source.incoming === undefined ? [] : [source.incoming(since)]))
  const told = answers.flatMap(answer => answer.ok ? [answer.value] : [])
  const failed = answers.find(answer => !answer.ok)
  return told.length === 0 && failed !== undefined ? failed : ok([...new Map(told.flat().map(payment => [payment.paymentHash, payment])).values()])
}
