import type { Pubkey } from '../brand'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import { isPubkey } from '../brand'
import { err, ok } from '../result'
import { tagValue } from './event-shape'

const CIPHERTEXT = /^[A-Za-z0-9+/]+={0,2}\?iv=[A-Za-z0-9+/]{22}==$/

/**
 * Who writes to whom in a kind 4 (NIP-04): the first `p` is the receiver, whatever else is tagged. `decrypt`: the content is no
 * ciphertext; one peer reads such a thing as plain text, we never do (nip15.md §6). `not-for-us`: we are neither side.
 */
export function readDirectMessage(event: NostrEvent, me: Pubkey): Result<{ readonly receiver: Pubkey, readonly counterparty: Pubkey }, { readonly code: 'not-a-party' | 'not-for-us' | 'decrypt' }> {
  const receiver = tagValue(event, 'p')
  if (!isPubkey(receiver))
    return err({ code: 'not-a-party' })
  if (receiver !== me && event.pubkey !== me)
    return err({ code: 'not-for-us' })
  if (!CIPHERTEXT.test(event.content))
    return err({ code: 'decrypt' })
  return ok({ receiver, counterparty: event.pubkey === me ? receiver : event.pubkey })
}
