import { encrypt } from 'nostr-tools/nip04'
import { decode } from 'nostr-tools/nip19'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import WebSocket from 'ws'
import { ADDRESSES } from './addresses'

/** The sandbox's merchant in some other program than Souk: the same key, its own connection. */
export async function merchantElsewhere() {
  const people = await (await fetch(`${ADDRESSES.wallet}/control/personas`)).json()
  const key = decode(String(people.merchant.nsec))
  if (key.type !== 'nsec')
    throw new Error('the sandbox gave no key')
  return {
    ...somebodyElsewhere(key.data),
    /** An invoice of the merchant's own wallet, over whatever amount. */
    invoice: (sat: number): Promise<string> => lnbitsInvoice('amina', sat),
  }
}

/** How a demo merchant's wallet is reached by LNbits' interface. */
export async function lnbitsOf(merchant: string): Promise<{ readonly url: string, readonly invoiceKey: string }> {
  const wallets = await (await fetch(`${ADDRESSES.wallet}/control/wallets`)).json()
  return wallets.lnbits[merchant]
}

/** An invoice of a demo merchant's own wallet that no desk knows of. */
export async function lnbitsInvoice(merchant: string, sat: number): Promise<string> {
  const { url, invoiceKey } = await lnbitsOf(merchant)
  const answer = await fetch(`${url}/api/v1/payments`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': invoiceKey }, body: JSON.stringify({ out: false, amount: sat, unit: 'sat', memo: 'not what was agreed', expiry: 600 }) })
  const made = await answer.json()
  return String(made.bolt11 ?? made.payment_request)
}

interface Template { readonly kind: number, readonly tags: string[][], readonly content: string, readonly created_at?: number }
interface Stored { readonly id: string, readonly pubkey: string, readonly content: string, readonly created_at: number, readonly tags: readonly (readonly string[])[] }

/** Anybody with a key, in a program that is not Souk. */
export function somebodyElsewhere(secret: Uint8Array) {
  const pubkey = getPublicKey(secret)

  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(ADDRESSES.relay)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return socket
  }

  // Nobody says two things in one second; two in the same one would be put in order by their ids, which is chance.
  let last = 0
  const now = (): number => last = Math.max(Math.floor(Date.now() / 1000), last + 1)

  async function publish(template: Template): Promise<void> {
    await send(finalizeEvent({ created_at: now(), ...template }, secret))
  }

  /** An event that is signed already, by whomever. */
  async function send(event: object): Promise<void> {
    const socket = await connect()
    const taken = new Promise<void>((resolve, reject) => {
      socket.on('message', (data) => {
        const [type, , stored, why] = JSON.parse(String(data))
        if (type === 'OK')
          return stored ? resolve() : reject(new Error(why))
      })
    })
    socket.send(JSON.stringify(['EVENT', event]))
    await taken
    socket.close()
  }

  async function stored(filter: object): Promise<readonly Stored[]> {
    const socket = await connect()
    const found: Stored[] = []
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const [type, , event] = JSON.parse(String(data))
        if (type === 'EVENT')
          found.push(event)
        if (type === 'EOSE')
          resolve()
      })
      socket.send(JSON.stringify(['REQ', 'mine', filter]))
    })
    socket.close()
    return found
  }

  return {
    pubkey,
    secret,
    stored,
    publish,
    send,
    /** A NIP-15 message, as nostrmarket sends it. */
    write: async (to: string, message: unknown): Promise<void> => publish({ kind: 4, tags: [['p', to]], content: await encrypt(secret, to, JSON.stringify(message)) }),
  }
}
