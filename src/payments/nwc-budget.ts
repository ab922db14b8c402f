import * as v from 'valibot'
import { isMsat, isSeconds, toMsat, type Msat } from '../domain/brand'
import type { WalletBudget } from '../ports/wallet'
import type { NwcClient } from './nwc-client'
import { NwcBalance, NwcBudget } from './nwc-messages'

const LOOKUP_MS = 10_000

/** Only what the connection was granted is asked for: a refusal would look like a warning in the wallet. null: it tells nothing. */
export async function askBudget(client: Pick<NwcClient, 'ask'>, granted: readonly string[], signal?: AbortSignal): Promise<WalletBudget | null> {
  const asked = async <T>(method: string, schema: v.GenericSchema<unknown, T>): Promise<T | null> => {
    const reply = granted.includes(method) ? await client.ask(method, {}, { timeoutMs: LOOKUP_MS, ...signal !== undefined && { signal } }) : null
    const read = reply?.type === 'result' ? v.safeParse(schema, reply.value) : null
    return read?.success ? read.output : null
  }
  const [limit, money] = await Promise.all([asked('get_budget', NwcBudget), asked('get_balance', NwcBalance)])
  const left = limit?.total_budget === undefined ? null : msatOf(Math.max(0, limit.total_budget - (limit.used_budget ?? 0)))
  const balance = money === null ? null : msatOf(money.balance)
  const renewsAt = left !== null && isSeconds(limit?.renews_at) ? limit.renews_at : null
  return left === null && balance === null ? null : { left, renewsAt, balance }
}

const msatOf = (value: number): Msat | null => isMsat(value) ? toMsat(value) : null
