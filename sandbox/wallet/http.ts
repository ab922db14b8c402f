import type { IncomingMessage, ServerResponse } from 'node:http'
import { Buffer } from 'node:buffer'

/** Any page may ask: a sandbox on loopback has no secrets. */
export const OPEN = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-allow-methods': '*' } as const

export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...OPEN, 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A JSON object, or null for anything else. */
export async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array)
    size += bytes.length
    if (size > 1 << 20)
      return null
    parts.push(bytes)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : null
  }
  catch {
    return null
  }
}
