import { createServer } from 'node:net'

const isFree = (port: number, host: string): Promise<boolean> => new Promise((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, host, () => probe.close(() => resolve(true)))
})

/** The wanted port, or the next free one of the hundred after it. @throws Error when all are taken. */
export async function freePort(wanted: number, host = '127.0.0.1'): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) {
    if (await isFree(port, host))
      return port
  }
  throw new Error(`no free port near ${wanted}`)
}
