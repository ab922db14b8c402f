import type { FromNet, ToNet } from './worker/net-messages'
import { readFromNet } from './worker/net-messages'

/** As much of a Worker as is needed. */
export interface NetWorker {
  postMessage(message: ToNet, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent) => unknown) | null
  terminate(): void
}

/** The page's end of the line to the worker with the connections; shared by all that speak over it. */
export interface NetLine {
  post(message: ToNet, transfer?: Transferable[]): void
  hear(listener: (message: FromNet) => void): void
  newId(): number
  close(): void
}

export function openNetLine(worker: NetWorker): NetLine {
  const listeners: ((message: FromNet) => void)[] = []
  let lastId = 0
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = readFromNet(data)
    if (message !== null)
      listeners.forEach(listener => listener(message))
  }
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    hear: listener => void listeners.push(listener),
    newId: () => ++lastId,
    close: () => worker.terminate(),
  }
}
