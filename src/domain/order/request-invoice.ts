import { decodeInvoice } from '../invoice/bolt11'
import type { DecodedInvoice, InvoiceErrorCode } from '../invoice/types'
import { remembered } from '../remembered'
import type { Result } from '../result'

/** The strict reading, before anything is paid; a panel asks for it every second. */
export const decodeRequestInvoice: (text: string) => Result<DecodedInvoice, { readonly code: InvoiceErrorCode }> =
  remembered(200, decodeInvoice)
