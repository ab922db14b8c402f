import type { EventId } from '../brand'
import { firstInvoice } from './request-invoice'
import type { Entry, Position } from './sequence'
import type { RequestFact, RequestMessage } from './types'

export interface Asked {
  /** Oldest first. */
  readonly requests: readonly RequestFact[]
  /** What is to be paid now; a payee's own share stands behind the merchant's. */
  readonly inForce: RequestFact | null
  /** The merchant's newest answer, where it is a refusal. */
  readonly refusal: (Position & { readonly text: string }) | null
  /** Zone that the merchant named when asking anew; undefined = never. */
  readonly zoneId: string | undefined
  readonly refusals: readonly Position[]
}

/** Requests in force and superseded; a refusal supersedes too (T10; orders.md §5.5). */
export function gatherRequests(entries: readonly Entry[], merchant: string): Asked {
  const newest = new Map<string, EventId>()
  const supersededBy = new Map<EventId, EventId>()
  const asked: { readonly at: Entry['at'], readonly message: RequestMessage, readonly recipient: string }[] = []
  const refusals: Position[] = []
  let refusal: Asked['refusal'] = null
  let zoneId: string | undefined

  for (const { at, id, by, message } of entries) {
    if (by !== 'merchant')
      continue
    if (message.type === 'payment-request') {
      const recipient = message.recipient === merchant ? '' : message.recipient ?? ''
      const former = newest.get(recipient)
      if (former !== undefined)
        supersededBy.set(former, id)
      newest.set(recipient, id)
      asked.push({ at, message, recipient })
      refusal = null
      zoneId = message.zoneId ?? zoneId
    }
    else if (message.type === 'refusal') {
      for (const former of newest.values())
        supersededBy.set(former, id)
      newest.clear()
      refusal = { at, id, text: message.text }
      refusals.push(refusal)
    }
  }

  const requests = asked.map(({ at, message, recipient }): RequestFact => {
    const invoice = firstInvoice(message.options)
    return {
      message: message.id,
      recipient,
      at,
      options: message.options,
      text: message.text,
      bolt11: invoice?.bolt11 ?? null,
      paymentHash: invoice?.paymentHash ?? null,
      msat: invoice?.amount ?? null,
      expiresAt: invoice?.expiresAt ?? null,
      ...(typeof message.msat === 'number' && { saidMsat: message.msat }),
      ...(message.deadline !== undefined && { deadline: message.deadline }),
      supersededBy: supersededBy.get(message.id) ?? null,
    }
  })
  const current = requests.filter(request => request.supersededBy === null)
  return { requests, inForce: current.findLast(request => request.recipient === '') ?? current.at(-1) ?? null, refusal, zoneId, refusals }
}
