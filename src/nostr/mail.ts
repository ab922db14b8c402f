import type { Pubkey } from '../domain/brand'
import { kinds } from '../domain/protocol/event'
import type { RumorTemplate } from '../domain/protocol/gamma-encode'
import { toRumor } from '../domain/protocol/gift-wrap'
import type { Result } from '../domain/result'
import { ok } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Mail, Posted } from '../ports/mail'
import type { Relays, Verifier } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'
import { readInbox } from './mail/inbox'
import { wrapRumor } from './nip59'

/** Private messages over relays: kind 4, and gift wraps. */
export function createMail({ relays, clock, verifier }: { readonly relays: Relays, readonly clock: Clock, readonly verifier: Verifier }): Mail {
  async function composeNip04(signer: Signer, to: Pubkey, plaintext: string): Promise<Result<Posted, SignerError>> {
    const sealed = await signer.nip04Encrypt(to, plaintext)
    if (!sealed.ok)
      return sealed
    const event = await signer.sign({ kind: kinds.directMessage, created_at: clock.now(), tags: [['p', to]], content: sealed.value })
    if (!event.ok)
      return event
    const { id, pubkey: author, created_at: sentAt } = event.value
    return ok({ opened: { id, author, receiver: to, sentAt, transport: 'nip04', plaintext }, copies: [{ to, event: event.value }] })
  }

  /** To the reader, and to ourselves: without that copy another device of ours would not know what was said (NIP-17). */
  async function composeNip59(signer: Signer, to: Pubkey, template: RumorTemplate): Promise<Result<Posted, SignerError>> {
    const rumor = toRumor(template, signer.pubkey, clock.now())
    const copies: Posted['copies'][number][] = []
    for (const reader of new Set([to, signer.pubkey])) {
      const wrap = await wrapRumor(rumor, reader, signer, clock.now(), () => clock.random())
      if (!wrap.ok)
        return wrap
      copies.push({ to: reader, event: wrap.value })
    }
    const { id, pubkey: author, created_at: sentAt, content: plaintext, kind, tags } = rumor
    return ok({ opened: { id, author, receiver: to, sentAt, transport: 'nip59', plaintext, kind, tags }, copies })
  }

  return {
    openInbox: options => readInbox({ ...options, port: relays, clock, verifier }),
    compose: (signer, to, letter) => letter.transport === 'nip04' ? composeNip04(signer, to, letter.plaintext) : composeNip59(signer, to, letter.template),
  }
}
