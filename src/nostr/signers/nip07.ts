import type { Pubkey } from '../../domain/brand'
import { isPubkey } from '../../domain/brand'
import type { NostrEvent, UnsignedEvent } from '../../domain/protocol/event'
import { readEvent } from '../../domain/protocol/event-shape'
import { isRecord } from '../../domain/protocol/json'
import type { Result } from '../../domain/result'
import { err, ok } from '../../domain/result'
import type { Clock } from '../../ports/clock'
import type { Verifier } from '../../ports/relays'
import type { Signer, SignerError } from '../../ports/signer'

/** What an extension puts on the page. Foreign code: every answer is checked (transport.md §10). */
interface Extension {
  readonly getPublicKey: () => Promise<unknown>
  readonly signEvent: (event: object) => Promise<unknown>
  readonly nip04?: Cipher
  readonly nip44?: Cipher
}
interface Cipher {
  readonly encrypt: (pubkey: string, plaintext: string) => Promise<unknown>
  readonly decrypt: (pubkey: string, ciphertext: string) => Promise<unknown>
}

export interface Nip07Options {
  readonly clock: Clock
  readonly verifier: Verifier
  /** The page's object; another one in tests. */
  readonly page?: object
  readonly waitMs?: number
}

const failed = (code: SignerError['code']): Result<never, SignerError> => err({ code })
const LOOK_MS = 100

const isFunction = (value: unknown): boolean => typeof value === 'function'
const isCipher = (value: unknown): boolean => isRecord(value) && isFunction(value['encrypt']) && isFunction(value['decrypt'])

/** Methods may come from a class: what counts is that they can be called. */
function extensionOn(page: object): Extension | null {
  const found: unknown = Reflect.get(page, 'nostr')
  if (!isRecord(found) || !isFunction(found['getPublicKey']) || !isFunction(found['signEvent']))
    return null
  return found as unknown as Extension
}

/** Extensions put themselves on the page when it has long begun: waits for one, three seconds unless told. */
async function findExtension(page: object, clock: Clock, waitMs: number): Promise<Extension | null> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const found = extensionOn(page)
    if (found || waited >= waitMs)
      return found
    await clock.sleep(LOOK_MS)
  }
}

const wordsOf = (thrown: unknown): string => {
  const said = typeof thrown === 'string' ? thrown : isRecord(thrown) ? thrown['message'] : ''
  return typeof said === 'string' ? said.toLowerCase() : ''
}

/** What extensions say that are switched off, asleep, or were replaced by a newer version while the page was open. */
const AWAY = /receiving end|context invalidated|disconnected|(port|channel) closed|timed? ?out/
const UNSUPPORTED = /not supported|unsupported|not implemented|not a function/
/** 'block', as in the size of a cipher's, is no lock. */
const LOCKED = /\b(un)?lock(ed)?\b/
const REFUSED = /reject|cancel|den(y|ied)|declin|refus|abort|dismiss|closed|not allowed|permission|authori[sz]/

/** There is no common language of refusals: extensions throw errors, texts or nothing. What is not known for something else is a no. */
function refusal(thrown: unknown): SignerError['code'] {
  const words = wordsOf(thrown)
  if (UNSUPPORTED.test(words))
    return 'unsupported'
  if (AWAY.test(words))
    return 'unavailable'
  return LOCKED.test(words) ? 'locked' : 'declined'
}

/**
 * While opening a message only clear words are a no: whoever sends garbage chooses where the extension's cipher fails, and
 * must not end the reading of all others by it. Ciphers fail with named errors that may bear no text at all.
 */
function openingRefusal(thrown: unknown): SignerError['code'] {
  const code = refusal(thrown)
  const words = wordsOf(thrown)
  const saidNothing = words === '' && !(isRecord(thrown) && typeof thrown['name'] === 'string')
  return code === 'declined' && !saidNothing && !REFUSED.test(words) ? 'decrypt' : code
}

/** `unavailable`: there is no extension. */
export async function connectExtension({ clock, verifier, page = globalThis, waitMs = 3_000 }: Nip07Options): Promise<Result<Signer, SignerError>> {
  const extension = await findExtension(page, clock, waitMs)
  if (!extension)
    return failed('unavailable')
  const pubkey = await askPubkey(extension)
  return pubkey.ok ? ok(signerOf(extension, pubkey.value, verifier)) : pubkey
}

async function askPubkey(extension: Extension): Promise<Result<Pubkey, SignerError>> {
  try {
    const pubkey = await extension.getPublicKey()
    return isPubkey(pubkey) ? ok(pubkey) : failed('bad-answer')
  }
  catch (thrown) {
    return failed(refusal(thrown))
  }
}

function signerOf(extension: Extension, pubkey: Pubkey, verifier: Verifier): Signer {
  let open = true
  const ciphers = { nip04: isCipher(extension.nip04), nip44: isCipher(extension.nip44) }

  async function sign(event: UnsignedEvent): Promise<Result<NostrEvent, SignerError>> {
    if (!open)
      return failed('locked')
    let answer: unknown
    try {
      answer = await extension.signEvent({ pubkey, kind: event.kind, created_at: event.created_at, tags: event.tags.map(tag => [...tag]), content: event.content })
    }
    catch (thrown) {
      return failed(refusal(thrown))
    }
    const read = readEvent(answer)
    if (!read.ok)
      return failed('bad-answer')
    // Copied: what an extension keeps a hold of could change after the check, or not travel to the worker.
    const [outcome] = await verifier.verify([{ ...read.value, tags: read.value.tags.map(tag => [...tag]) }])
    if (outcome?.ok !== true)
      return failed('bad-answer')
    const signed = outcome.event
    // The user may have changed the account in the extension since signing in here.
    if (signed.pubkey !== pubkey)
      return failed('wrong-account')
    const same = signed.kind === event.kind && signed.created_at === event.created_at && signed.content === event.content && JSON.stringify(signed.tags) === JSON.stringify(event.tags)
    return same ? ok(signed) : failed('bad-answer')
  }

  async function cipher(name: 'nip04' | 'nip44', work: 'encrypt' | 'decrypt', other: Pubkey, text: string): Promise<Result<string, SignerError>> {
    if (!open)
      return failed('locked')
    const able = extension[name]
    if (!able || !ciphers[name])
      return failed('unsupported')
    try {
      const answer = await able[work](other, text)
      return typeof answer === 'string' ? ok(answer) : failed('bad-answer')
    }
    catch (thrown) {
      if (work === 'encrypt')
        return failed(refusal(thrown))
      const code = openingRefusal(thrown)
      return failed(code === 'decrypt' && await isAnother() ? 'wrong-account' : code)
    }
  }

  /** Another account's key opens nothing of ours: that is no fault of the message. */
  async function isAnother(): Promise<boolean> {
    const now = await askPubkey(extension)
    return now.ok && now.value !== pubkey
  }

  return {
    kind: 'nip07',
    pubkey,
    can: ciphers,
    sign,
    nip04Encrypt: (to, plaintext) => cipher('nip04', 'encrypt', to, plaintext),
    nip04Decrypt: (from, ciphertext) => cipher('nip04', 'decrypt', from, ciphertext),
    nip44Encrypt: (to, plaintext) => cipher('nip44', 'encrypt', to, plaintext),
    nip44Decrypt: (from, ciphertext) => cipher('nip44', 'decrypt', from, ciphertext),
    close: () => { open = false },
  }
}
