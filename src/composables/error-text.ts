import type { RATES_DISAGREE } from '../domain/order/answer-rules'
import type { RefuseError } from '../flows/refuseOrder'
import type { ActError } from '../flows/order-words'
import type { PayError } from '../flows/payOrder'
import type { PublishListingError } from '../flows/publishListing'
import type { RequestPaymentError } from '../flows/requestPayment'
import type { ChatError } from '../flows/sendChat'
import type { SettleError } from '../flows/settlePayment'
import words from '../locales/errors.en.json'
import type { SignInError } from '../ports/accounts'
import type { WalletErrorCode } from '../ports/invoices'
import type { PayErrorCode } from '../ports/wallet'
import type { CheckoutError } from './useCheckout'
import type { notLoaded } from './lazy-flow'
import type { cannotKnow, noWallet } from './useDesk'

/** Everything that can be expected to fail, by its code. */
export type ErrorCode = (CheckoutError | RequestPaymentError | RefuseError | SettleError | ActError | ChatError | PayError
  | PublishListingError | SignInError | typeof noWallet | typeof cannotKnow | typeof notLoaded)['code'] | PayErrorCode | WalletErrorCode | typeof RATES_DISAGREE

export interface ErrorWords {
  /** What happened. */
  readonly what: string
  /** What is safe all the same. */
  readonly safe: string
  /** What to do next. */
  readonly next: string
}

/** The compiler names a code that has no sentence. */
const sentences: Readonly<Record<ErrorCode, ErrorWords>> = words

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(sentences, code)

export const errorWords = (code: ErrorCode): ErrorWords => sentences[code]

/** As one text: what happened, what is safe, what to do. */
export function errorText(code: ErrorCode): string {
  const { what, safe, next } = sentences[code]
  return `${what} ${safe} ${next}`
}
