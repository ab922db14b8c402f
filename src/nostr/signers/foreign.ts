import type { Pubkey } from '../../domain/brand'
import type { NostrEvent, UnsignedEvent } from '../../domain/protocol/event'
import { readEvent } from '../../domain/protocol/event-shape'
import { isRecord } from '../../domain/protocol/json'
import type { Result } from '../../domain/result'
import { err, ok } from '../../domain/result'
import type { Verifier } from '../../ports/relays'
import type { SignerError } from '../../ports/signer'

/** What signers that are not ours say, extensions and remote ones: nothing of it is believed unchecked (transport.md §10). */
export const failed = (code: SignerError['code']): Result<never, SignerError> => err({ code })

const wordsOf = (thrown: unknown): string => {
  const said = typeof thrown === 'string' ? thrown : isRecord(thrown) ? thrown['message'] : ''
  return typeof said === 'string' ? said.toLowerCase() : ''
}

/** What extensions say that are switched off, asleep, or were replaced by a newer version while the page was open. */
const AWAY = /receiving end|context invalidated|disconnected|(port|channel) closed|timed? ?out/
const UNSUPPORTED = /not supported|unsupported|not implemented|not a function|(unknown|invalid) method/
/** 'block', as in the size of a cipher's, is no lock. */
const LOCKED = /\b(un)?lock(ed)?\b/
const REFUSED = /reject|cancel|den(y|ied)|declin|refus|abort|dismiss|closed|not allowed|permission|authori[sz]/

/** There is no common language of refusals: signers throw errors, texts or nothing. What is not known for something else is a no. */
export function refusal(thrown: unknown): SignerError['code'] {
  const words = wordsOf(thrown)
  if (UNSUPPORTED.test(words))
    return 'unsupported'
  if (AWAY.test(words))
    return 'unavailable'
  return LOCKED.test(words) ? 'locked' : 'declined'
}

/**
 * While opening a message only clear words are a no: whoever sends garbage chooses where the signer's cipher fails, and
 * must not end the reading of all others by it. Ciphers fail with named errors that may bear no text at all.
 */
export function openingRefusal(thrown: unknown): SignerError['code'] {
  const code = refusal(thrown)
  const words = wordsOf(thrown)
  const saidNothing = words === '' && !(isRecord(thrown) && typeof thrown['name'] === 'string')
  return code === 'declined' && !saidNothing && !REFUSED.test(words) ? 'decrypt' : code
}

/** Taken only if it is exactly what was asked for, really signed, by the account (T22). */
export async function checkSigned(answer: unknown, asked: UnsignedEvent, pubkey: Pubkey, verifier: Verifier): Promise<Result<NostrEvent, SignerError>> {
  const read = readEvent(answer)
  if (!read.ok)
    return failed('bad-answer')
  // Copied: what an extension keeps a hold of could change after the check, or not travel to the worker.
  const [outcome] = await verifier.verify([{ ...read.value, tags: read.value.tags.map(tag => [...tag]) }])
  if (outcome?.ok !== true)
    return failed('bad-answer')
  const signed = outcome.event
  // The user may have changed the account in the signer since signing in here.
  if (signed.pubkey !== pubkey)
    return failed('wrong-account')
  const same = signed.kind === asked.kind && signed.created_at === asked.created_at && signed.content === asked.content && JSON.stringify(signed.tags) === JSON.stringify(asked.tags)
  return same ? ok(signed) : failed('bad-answer')
}
