import { ADDRESSES } from './addresses'

async function post(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${ADDRESSES.wallet}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const value: unknown = await answer.json()
  if (!answer.ok)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(value)}`)
  return value
}

/** A stranger's phone wallet scans the code; `sat`: and sends more than it asks. */
export const payFromPhone = (bolt11: string, sat?: number) => post('/control/pay', { bolt11, ...sat !== undefined && { sat } })
export const relay = (action: 'stop' | 'start' | 'hang') => post('/control/relay', { action })
export const faults = (settings: Readonly<Record<string, unknown>>) => post('/control/faults', settings)
/** How the relay misbehaves, as sandbox/relay/faults.ts names it. */
export const relayFaults = (faults: Readonly<Record<string, unknown>>) => post('/control/relay', { faults })
/** The merchants whom nobody plays, sent home or called back. */
export const bots = (on: boolean) => post('/control/bots', { on })
