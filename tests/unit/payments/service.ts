import { hexToBytes } from '@noble/hashes/utils.js'
import { decrypt as open04, encrypt as seal04 } from 'nostr-tools/nip04'
import { v2 as nip44 } from 'nostr-tools/nip44'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import type { Hex32, Pubkey } from '../../../src/domain/brand'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import type { NwcConnection } from '../../../src/domain/wallet/nwc-uri'
import type { createHub } from './hub'
import { HUB, realClock } from './hub'

const WALLET_SECRET = '21'.repeat(32)
const CLIENT_SECRET = '42'.repeat(32) as Hex32
export type Scheme = 'nip44_v2' | 'nip04'
export type Reply = { result: unknown } | { error: { code: string, message: string } }

export const connection: NwcConnection = { wallet: getPublicKey(hexToBytes(WALLET_SECRET)) as Pubkey, relays: [HUB], secret: CLIENT_SECRET, lud16: '' }

/** A wallet that does as it is told, word for word: for what a well-behaved one never does. */
export function scriptedWallet(hub: ReturnType<typeof createHub>, { info = 'pay_invoice lookup_invoice get_info', encryption = 'nip44_v2 nip04' as string | null } = {}) {
  const key = hexToBytes(WALLET_SECRET)
  const client = getPublicKey(hexToBytes(CLIENT_SECRET))
  const asked: { method: string, params: Record<string, unknown>, id: string, scheme: Scheme }[] = []
  let answer: (method: string, params: Record<string, unknown>) => Reply | null = () => null

  const seal = (scheme: Scheme, text: string) => scheme === 'nip04' ? seal04(key, client, text) : nip44.encrypt(text, nip44.utils.getConversationKey(key, client))
  const sign = (kind: number, tags: string[][], content: string) =>
    finalizeEvent({ kind, tags, content, created_at: realClock.now() }, key) as unknown as NostrEvent

  if (encryption !== 'no info')
    hub.give(sign(13194, [...encryption === null ? [] : [['encryption', encryption]], ['notifications', 'payment_received payment_sent']], info))

  function reply(id: string, method: string, what: Reply, scheme: Scheme, extra: { to?: string, content?: string } = {}): void {
    const text = JSON.stringify({ result_type: method, error: null, result: null, ...what })
    hub.give(sign(23195, [['p', extra.to ?? client], ['e', id]], extra.content ?? seal(scheme, text)))
  }

  hub.onRequest((event) => {
    if (event.kind !== 23194)
      return
    const scheme: Scheme = event.content.includes('?iv=') ? 'nip04' : 'nip44_v2'
    const text = scheme === 'nip04' ? open04(key, event.pubkey, event.content) : nip44.decrypt(event.content, nip44.utils.getConversationKey(key, event.pubkey))
    const { method, params } = JSON.parse(text) as { method: string, params: Record<string, unknown> }
    const before = asked.some(one => one.id === event.id)
    asked.push({ method, params, id: event.id, scheme })
    const what = before ? null : answer(method, params)
    if (what)
      reply(event.id, method, what, scheme)
  })

  return {
    asked,
    reply,
    set onAsk(handler: typeof answer) { answer = handler },
    notify: (kind: 23196 | 23197, type: string, paymentHash: string) =>
      hub.give(sign(kind, [['p', client]], seal(kind === 23196 ? 'nip04' : 'nip44_v2', JSON.stringify({ notification_type: type, notification: { payment_hash: paymentHash } })))),
  }
}
