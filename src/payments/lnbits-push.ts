import * as v from 'valibot'
import { isHex32 } from '../domain/brand'
import type { Clock } from '../ports/clock'
import type { InvoiceSource } from '../ports/invoices'
import { backoffMs } from './backoff'

export type Hint = Parameters<Parameters<InvoiceSource['subscribe']>[0]>[0]
export type SocketMaker = (url: string) => WebSocket

const Message = v.object({ payment: v.object({ payment_hash: v.custom<string>(isHex32) }) })
const MESSAGE_UNITS = 64 * 1024

/**
 * The wallet's push channel (payments.md §3.4). Whoever knows the channel can write to it, so a message is a hint to look
 * up, never news by itself; and the channel is that of the invoice key, never of a payment hash, which shoppers know.
 */
export function openPush(url: string, clock: Clock, listener: (hint: Hint) => void, signal: AbortSignal, makeSocket: SocketMaker): void {
  let attempt = 0
  let before = false
  let online: boolean | null = null

  function say(state: boolean): void {
    if (online !== state)
      listener({ type: state ? 'online' : 'offline' })
    online = state
  }

  function connect(): Promise<void> {
    return new Promise((resolve) => {
      const socket = makeSocket(url)
      const stop = () => socket.close()
      signal.addEventListener('abort', stop, { once: true })
      socket.onopen = () => {
        attempt = 0
        say(true)
        if (before)
          listener({ type: 'gap' })
        before = true
      }
      socket.onmessage = ({ data }: MessageEvent<unknown>) => {
        const paymentHash = hashIn(data)
        if (paymentHash)
          listener({ type: 'touched', paymentHash })
      }
      socket.onclose = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await connect()
      if (signal.aborted)
        return
      say(false)
      await clock.sleep(backoffMs(attempt++, clock.random()), signal)
    }
  }
  void run()
}

function hashIn(data: unknown) {
  if (typeof data !== 'string' || data.length > MESSAGE_UNITS)
    return null
  try {
    const message = v.safeParse(Message, JSON.parse(data))
    const hash = message.success ? message.output.payment.payment_hash : null
    return isHex32(hash) ? hash : null
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}
