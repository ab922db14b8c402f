import type { Pubkey } from '../../domain/brand'
import { isPubkey } from '../../domain/brand'
import type { NostrEvent, UnsignedEvent } from '../../domain/protocol/event'
import { isRecord } from '../../domain/protocol/json'
import type { Result } from '../../domain/result'
import { ok } from '../../domain/result'
import type { Clock } from '../../ports/clock'
import type { Verifier } from '../../ports/relays'
import type { Signer, SignerError } from '../../ports/signer'
import { checkSigned, failed, openingRefusal, refusal } from './foreign'

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

const LOOK_MS = 100
/** Somebody reads a window and decides; after that the extension counts as hanging, and nothing waits for it any more. */
const DECIDING_MS = 120_000
const READING_MS = 60_000

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

/** `unavailable`: there is no extension. */
export async function connectExtension({ clock, verifier, page = globalThis, waitMs = 3_000 }: Nip07Options): Promise<Result<Signer, SignerError>> {
  const extension = await findExtension(page, clock, waitMs)
  if (!extension)
    return failed('unavailable')
  const pubkey = await askPubkey(extension, clock)
  return pubkey.ok ? ok(signerOf(extension, pubkey.value, verifier, clock)) : pubkey
}

/** The extension of an account that is known: it hears of us when it has something to do, so that a page that loads asks nobody (0011). */
export function laterExtension(pubkey: Pubkey, options: Nip07Options): Signer {
  const { page = globalThis } = options
  let connecting: Promise<Result<Signer, SignerError>> | null = null
  let open = true

  async function connected(): Promise<Result<Signer, SignerError>> {
    if (!open)
      return failed('locked')
    connecting ??= connectExtension(options)
    const signer = await connecting
    if (signer.ok && signer.value.pubkey === pubkey)
      return open ? signer : failed('locked')
    // Next time it may be awake, or have the account again.
    connecting = null
    return signer.ok ? failed('wrong-account') : signer
  }

  async function through<T>(work: (signer: Signer) => Promise<Result<T, SignerError>>): Promise<Result<T, SignerError>> {
    const signer = await connected()
    return signer.ok ? work(signer.value) : signer
  }

  return {
    kind: 'nip07',
    pubkey,
    get can() {
      const extension = extensionOn(page)
      return extension ? { nip04: isCipher(extension.nip04), nip44: isCipher(extension.nip44) } : { nip04: true, nip44: true }
    },
    sign: event => through(signer => signer.sign(event)),
    nip04Encrypt: (to, plaintext) => through(signer => signer.nip04Encrypt(to, plaintext)),
    nip04Decrypt: (from, ciphertext) => through(signer => signer.nip04Decrypt(from, ciphertext)),
    nip44Encrypt: (to, plaintext) => through(signer => signer.nip44Encrypt(to, plaintext)),
    nip44Decrypt: (from, ciphertext) => through(signer => signer.nip44Decrypt(from, ciphertext)),
    close() {
      open = false
      void connecting?.then(signer => signer.ok ? signer.value.close() : undefined)
    },
  }
}

async function askPubkey(extension: Extension, clock: Clock): Promise<Result<Pubkey, SignerError>> {
  try {
    const pubkey = await within(extension.getPublicKey(), DECIDING_MS, clock)
    return isPubkey(pubkey) ? ok(pubkey) : failed('bad-answer')
  }
  catch (thrown) {
    return failed(refusal(thrown))
  }
}

/** @throws Error('timed out') as extensions that are away do. */
async function within(answer: Promise<unknown>, ms: number, clock: Clock): Promise<unknown> {
  const over = new AbortController()
  const late = clock.sleep(ms, over.signal).then(() => { throw new Error('timed out') })
  try {
    return await Promise.race([answer, late])
  }
  finally {
    // A pause that was cut short must not become an error that nobody hears.
    late.catch(() => undefined)
    over.abort()
  }
}

function signerOf(extension: Extension, pubkey: Pubkey, verifier: Verifier, clock: Clock): Signer {
  let open = true
  const ciphers = { nip04: isCipher(extension.nip04), nip44: isCipher(extension.nip44) }

  async function sign(event: UnsignedEvent): Promise<Result<NostrEvent, SignerError>> {
    if (!open)
      return failed('locked')
    let answer: unknown
    try {
      answer = await within(extension.signEvent({ pubkey, kind: event.kind, created_at: event.created_at, tags: event.tags.map(tag => [...tag]), content: event.content }), DECIDING_MS, clock)
    }
    catch (thrown) {
      return failed(refusal(thrown))
    }
    return checkSigned(answer, event, pubkey, verifier)
  }

  async function cipher(name: 'nip04' | 'nip44', work: 'encrypt' | 'decrypt', other: Pubkey, text: string): Promise<Result<string, SignerError>> {
    if (!open)
      return failed('locked')
    const able = extension[name]
    if (!able || !ciphers[name])
      return failed('unsupported')
    try {
      const answer = await within(able[work](other, text), work === 'decrypt' ? READING_MS : DECIDING_MS, clock)
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
    const now = await askPubkey(extension, clock)
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
