import { parentPort, type MessagePort } from 'node:worker_threads'

/** The product's own verify worker in a thread of Node: what it hangs on `self` is called with the ports that come in. */
export async function main(): Promise<never> {
  const scope: { onmessage?: (message: { readonly ports: readonly MessagePort[] }) => void } = {}
  Object.assign(globalThis, { self: scope })
  await import('../../src/workers/verify.worker')
  parentPort?.on('message', (port: MessagePort) => scope.onmessage?.({ ports: [port] }))
  parentPort?.postMessage('ready')
  return new Promise(() => undefined)
}
