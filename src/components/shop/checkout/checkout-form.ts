import type { Msat } from '../../../domain/brand'
import type { Unfit } from '../../../domain/catalog/parcel'
import type { ShippingZone } from '../../../domain/catalog/types'
import type { Money } from '../../../domain/money/types'
import { words } from '../../words'

/** What a shopper types. */
export interface CheckoutText {
  readonly name: string
  readonly address: string
  readonly email: string
  readonly phone: string
  readonly nostr: string
  readonly message: string
  readonly country: string
}
export type CheckoutField = keyof CheckoutText | 'zone'

/** In the sequence of the page: the summary of errors follows it. */
export const FIELDS: readonly CheckoutField[] = ['country', 'zone', 'name', 'address', 'email', 'phone', 'nostr', 'message']

export const inputId = (field: CheckoutField): string => `checkout-${field}`

export interface ZoneOption {
  readonly zone: ShippingZone
  /** For this cart: the zone's cost and what each piece adds. null: not known. */
  readonly cost: Money | null
  readonly serves: 'yes' | 'no' | 'unknown'
  /** Why it does not take these goods. */
  readonly unfit: Unfit | null
}

/** A sentence for whatever is wrong with a field. */
export function fieldError(code: string | undefined): string {
  const errors: Readonly<Record<string, string>> = words.checkout.errors
  return code === undefined ? '' : Object.hasOwn(errors, code) ? errors[code] ?? '' : words.checkout.errors.other
}

interface Said { readonly title: string, readonly text: string }
const said = (list: Readonly<Record<string, Said>>, code: string, other: Said): Said => Object.hasOwn(list, code) ? list[code] ?? other : other

/** Why it cannot be ordered now, and what to do. */
export const blockedText = (code: string): Said => said(words.checkout.blocked, code, words.checkout.blocked.other)
/** Why placing failed; nothing was sent. */
export const failedText = (code: string): Said => said(words.checkout.failed, code, said(words.checkout.blocked, code, words.checkout.failed.other))

export type AmountText = (amount: Money | Msat) => { readonly main: string, readonly other: string | null }
