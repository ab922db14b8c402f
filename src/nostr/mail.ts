import { kinds } from '../domain/protocol/event'
import type { Result } from '../domain/result'
import type { NostrEvent } from '../domain/protocol/event'
import type { Clock } from '../ports/clock'
import type { Mail } from '../ports/mail'
import type { Relays } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'
import { readInbox } from './mail/inbox'

/** Private messages over relays. Kind 4 now; gift wraps get their own reader beside `mail/inbox.ts`, on the same progress. */
export function createMail({ relays, clock }: { readonly relays: Relays, readonly clock: Clock }): Mail {
  return {
    openInbox: options => readInbox({ ...options, port: relays, clock }),
    async composeNip04(signer: Signer, to, plaintext): Promise<Result<NostrEvent, SignerError>> {
      const sealed = await signer.nip04Encrypt(to, plaintext)
      if (!sealed.ok)
        return sealed
      return signer.sign({ kind: kinds.directMessage, created_at: clock.now(), tags: [['p', to]], content: sealed.value })
    },
  }
}
