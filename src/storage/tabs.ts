/** Talk between the tabs of this browser, and the choice of one among them (T13). */
export interface TabChannel {
  tell(message: unknown): void
  close(): void
}

/** Where BroadcastChannel is missing, each tab is alone until it is loaded again. */
export function openTabChannel(name: string, listener: (message: unknown) => void): TabChannel {
  if (typeof BroadcastChannel === 'undefined')
    return { tell: () => undefined, close: () => undefined }
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event: MessageEvent<unknown>) => listener(event.data)
  unrefInNode(channel)
  let open = true
  return {
    tell: (message) => { if (open) channel.postMessage(message) },
    close: () => { open = false; channel.close() },
  }
}

/** In Node an open channel keeps the process alive; in browsers there is no such method. */
function unrefInNode(channel: BroadcastChannel): void {
  if ('unref' in channel && typeof channel.unref === 'function')
    channel.unref()
}

export interface Lease { read(): string | null, write(text: string): void }
export const LEASE_SECONDS = 4

/**
 * Calls `onLead` in one tab at a time. Web Locks hand it over the moment a tab dies; without them a lease in
 * `lease` is renewed and goes over when it runs out. Two leaders for a moment do no harm: relays know an event by its id.
 */
export function lead(name: string, signal: AbortSignal, onLead: () => void, lease: Lease | null, locks = locksHere()): void {
  if (signal.aborted)
    return
  if (locks) {
    const held = () => new Promise<void>((resolve) => {
      if (signal.aborted)
        return resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
      onLead()
    })
    locks.request(name, { signal }, held).catch((reason: unknown) => {
      if (!signal.aborted)
        throw reason
    })
    return
  }
  if (!lease)
    return onLead()
  leadByLease(lease, signal, onLead)
}

const locksHere = (): LockManager | undefined => typeof navigator === 'undefined' ? undefined : navigator.locks

function leadByLease(lease: Lease, signal: AbortSignal, onLead: () => void): void {
  const me = crypto.randomUUID()
  let leading = false
  const turn = () => {
    const [holder, until] = (lease.read() ?? '').split(' ')
    const now = Date.now()
    const free = !holder || holder === me || Number(until) < now || Number(until) > now + LEASE_SECONDS * 2000
    if (!free)
      return
    lease.write(`${me} ${now + LEASE_SECONDS * 1000}`)
    if (!leading) {
      leading = true
      onLead()
    }
  }
  turn()
  const timer = setInterval(turn, LEASE_SECONDS * 250)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    if (leading)
      lease.write('')
  }, { once: true })
}
