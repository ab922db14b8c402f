import * as v from 'valibot'
import type { Pubkey } from '../domain/brand'
import { limits } from '../domain/limits'
import type { Contact } from '../domain/order/types'

const text = v.optional(v.pipe(v.string(), v.maxLength(limits.orderText)), '')
const Form = v.object({ name: text, address: text, country: text, email: text, phone: text, nostr: text, message: text })

export interface CheckoutForm {
  name: string
  address: string
  country: string
  email: string
  phone: string
  nostr: string
  message: string
}
export type CheckoutField = keyof CheckoutForm | 'zone'
export type FieldProblem = 'missing' | 'too-long' | 'not-an-email' | 'not-a-phone'

export const emptyForm: Readonly<CheckoutForm> = { name: '', address: '', country: '', email: '', phone: '', nostr: '', message: '' }
export const isEmptyForm = (form: Readonly<CheckoutForm>): boolean => Object.values(form).every(value => value === '')

/** What was typed before a reload; anything odd begins anew. */
export function formOf(kept: unknown): Partial<CheckoutForm> {
  const read = v.safeParse(Form, kept)
  return read.success ? read.output : {}
}

/** Only what the goods need is asked for, and only what is asked for is checked. */
export function formErrors(form: Readonly<CheckoutForm>, { needsAddress, zoneChosen }: { readonly needsAddress: boolean, readonly zoneChosen: boolean }): Partial<Record<CheckoutField, FieldProblem>> {
  const errors: Partial<Record<CheckoutField, FieldProblem>> = {}
  for (const field of ['name', 'address', 'email', 'phone', 'nostr', 'message'] as const) {
    if (form[field].length > (field === 'message' || field === 'address' ? limits.orderText / 2 : limits.name))
      errors[field] = 'too-long'
  }
  if (!zoneChosen)
    errors.zone = 'missing'
  if (needsAddress && form.name.trim() === '')
    errors.name = 'missing'
  if (needsAddress && form.address.trim() === '')
    errors.address = 'missing'
  if (form.email.trim() !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email.trim()))
    errors.email = 'not-an-email'
  if (form.phone.trim() !== '' && !/^\+?[\d\s()/.-]{5,30}$/.test(form.phone.trim()))
    errors.phone = 'not-a-phone'
  return errors
}

/** Peers expect a way to reach the shopper: without another one, the key that wrote the order. */
export function contactOf({ nostr, phone, email }: Readonly<CheckoutForm>, me: Pubkey | null): Contact {
  return {
    ...(nostr.trim() !== '' ? { nostr: nostr.trim() } : me !== null && { nostr: me }),
    ...(phone.trim() !== '' && { phone: phone.trim() }),
    ...(email.trim() !== '' && { email: email.trim() }),
  }
}
