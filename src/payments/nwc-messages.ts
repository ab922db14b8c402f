import * as v from 'valibot'

/** NIP-47 answers: unknown fields, methods and states are let through, missing optional ones too. */
const Answer = v.object({
  result_type: v.string(),
  error: v.nullish(v.object({ code: v.string(), message: v.optional(v.string(), '') })),
  result: v.nullish(v.unknown()),
})
const Notice = v.object({ notification_type: v.string(), notification: v.object({ payment_hash: v.string() }) })

export type NwcReply =
  | { readonly type: 'result', readonly value: unknown }
  | { readonly type: 'error', readonly code: string, readonly message: string }
  /** `not-sent`: certain that no relay got it. Anything else: the wallet may have acted. */
  | { readonly type: 'none', readonly reason: 'not-sent' | 'time' | 'undecryptable' | 'aborted' }

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}

/** `null`: no answer to this method. */
export function readAnswer(text: string, method: string): NwcReply | null {
  const answer = v.safeParse(Answer, json(text))
  if (!answer.success)
    return null
  const { error, result, result_type: type } = answer.output
  if (error)
    return { type: 'error', code: error.code, message: error.message.slice(0, 300) }
  return type === method ? { type: 'result', value: result } : null
}

export function readNotice(text: string): { readonly type: string, readonly paymentHash: string } | null {
  const notice = v.safeParse(Notice, json(text))
  return notice.success ? { type: notice.output.notification_type, paymentHash: notice.output.notification.payment_hash } : null
}

/** `state` and `invoice` are optional; a preimage proves nothing here, some wallets show it early (payments.md §4.3). */
export const NwcTransaction = v.object({
  type: v.nullish(v.string()),
  state: v.nullish(v.string()),
  invoice: v.nullish(v.string()),
  description: v.nullish(v.string()),
  preimage: v.nullish(v.string()),
  payment_hash: v.string(),
  amount: v.number(),
  fees_paid: v.nullish(v.number()),
  created_at: v.nullish(v.number()),
  expires_at: v.nullish(v.number()),
  settled_at: v.nullish(v.number()),
  settle_deadline: v.nullish(v.number()),
  metadata: v.nullish(v.unknown()),
})
export type NwcTransaction = v.InferOutput<typeof NwcTransaction>

export const NwcTransactions = v.object({ transactions: v.pipe(v.array(NwcTransaction), v.maxLength(500)) })
export const NwcInfo = v.object({
  alias: v.nullish(v.string()),
  network: v.nullish(v.string()),
  block_height: v.nullish(v.number()),
  methods: v.optional(v.array(v.string()), []),
  notifications: v.optional(v.nullish(v.array(v.string())), []),
})
export const NwcPaid = v.object({ preimage: v.optional(v.nullish(v.string()), ''), fees_paid: v.nullish(v.number()) })

/** Not in NIP-47 itself; Alby Hub and others have it. Without a budget they answer with nothing in it. */
export const NwcBudget = v.object({ used_budget: v.optional(v.number()), total_budget: v.optional(v.number()), renews_at: v.nullish(v.number()) })
export const NwcBalance = v.object({ balance: v.number() })

export function transactionState({ state, settled_at }: NwcTransaction): 'pending' | 'settled' | 'accepted' | 'expired' | 'failed' | 'cancelled' {
  switch (state?.toLowerCase()) {
    case 'settled': return 'settled'
    case 'accepted': return 'accepted'
    case 'expired': return 'expired'
    case 'cancelled':
    case 'canceled': return 'cancelled'
    case 'failed': return 'failed'
    case undefined: return settled_at ? 'settled' : 'pending'
    default: return 'pending'
  }
}
