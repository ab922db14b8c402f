import type { Hex32, Msat, Seconds } from '../brand'

/** A payment that the merchant's own wallet says it received. `description` '' = it tells none. */
export interface IncomingPayment {
  readonly paymentHash: Hex32
  readonly msat: Msat
  readonly settledAt: Seconds
  readonly description: string
}
