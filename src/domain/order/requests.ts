import type { EventId } from '../brand'
import { firstInvoice } from './request-peek'
import type { Entry, Position } from './sequence'
import type { LocalFact, RequestFact, RequestMessage } from './types'

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

type SelfMadeFact = Extract<LocalFact, { type: 'self-made' }>

/**
 * Requests in force and superseded; a refusal supersedes too (T10; orders.md §5.5). What the shopper's client asked from an
 * address itself stands in for the merchant's request only where there is none, whenever either came.
 */
export function gatherRequests(entries: readonly Entry[], merchant: string): Asked {
  const newest = new Map<string, EventId>()
  const supersededBy = new Map<EventId, EventId>()
  const asked: { readonly at: Entry['at'], readonly message: RequestMessage | SelfMadeFact, readonly recipient: string }[] = []
  let merchants: EventId | null = null
  const refusals: Position[] = []
  let refusal: Asked['refusal'] = null
  let zoneId: string | undefined

  for (const { at, id, by, message } of entries) {
    if (message.type === 'self-made' && by === 'shopper') {
      const former = newest.get('')
      if (merchants !== null) {
        supersededBy.set(id, merchants)
      }
      else {
        if (former !== undefined)
          supersededBy.set(former, id)
        newest.set('', id)
      }
      asked.push({ at, message, recipient: '' })
    }
    if (by !== 'merchant')
      continue
    if (message.type === 'status')
      zoneId = message.rezoned ?? zoneId
    if (message.type === 'payment-request') {
      const recipient = message.recipient === merchant ? '' : message.recipient ?? ''
      const former = newest.get(recipient)
      if (former !== undefined)
        supersededBy.set(former, id)
      newest.set(recipient, id)
      if (recipient === '')
        merchants = id
      asked.push({ at, message, recipient })
      refusal = null
      zoneId = message.zoneId ?? zoneId
    }
    else if (message.type === 'refusal') {
      for (const former of newest.values())
        supersededBy.set(former, id)
      newest.clear()
      merchants = null
      refusal = { at, id, text: message.text }
      refusals.push(refusal)
    }
  }

  const reserved = new Set(entries.flatMap(({ by, message }) => by === 'merchant' && message.type === 'status' && message.hold !== undefined ? [message.hold.hash] : []))
  const requests = asked.map(({ at, message, recipient }): RequestFact => {
    const own = message.type === 'self-made' ? message : null
    const options = message.type === 'self-made' ? [{ type: 'ln' as const, label: 'lightning', link: message.bolt11 }] : message.options
    const invoice = firstInvoice(options)
    return {
      message: message.id,
      recipient,
      at,
      options,
      text: message.type === 'self-made' ? '' : message.text,
      bolt11: invoice?.bolt11 ?? null,
      paymentHash: invoice?.paymentHash ?? null,
      msat: invoice?.amount ?? null,
      expiresAt: invoice?.expiresAt ?? null,
      ...(typeof message.msat === 'number' && { saidMsat: message.msat }),
      ...(message.type === 'payment-request' && message.deadline !== undefined && { deadline: message.deadline }),
      ...(own !== null && { selfMade: { address: own.address, host: own.host, verify: own.verify } }),
      ...((message.type === 'payment-request' && message.reserve) || (invoice !== null && reserved.has(invoice.paymentHash)) ? { reserve: true as const } : {}),
      supersededBy: supersededBy.get(message.id) ?? null,
    }
  })
  const current = requests.filter(request => request.supersededBy === null)
  return { requests, inForce: current.findLast(request => request.recipient === '') ?? current.at(-1) ?? null, refusal, zoneId, refusals }
}
