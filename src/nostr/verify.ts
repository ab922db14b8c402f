import { schnorr } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { hashEvent, readEvent } from '../domain/protocol/event-shape'
import type { NostrEvent } from '../domain/protocol/event'
import { isEventId } from '../domain/brand'
import { field, isRecord } from '../domain/protocol/json'
import type { VerifyOutcome } from '../ports/relays'

export type SignatureVerdict = 'ok' | 'bad-id' | 'bad-sig'
export type SignatureCheck = (event: NostrEvent) => SignatureVerdict

/** The WebAssembly library has a fixed heap; a larger event is checked in JavaScript, at half the speed. */
const MOST_IN_WASM = 64 * 1024

interface WasmLibrary { verifyEvent(event: { id: string, pubkey: string, sig: string, content: string, kind: number, created_at: number, tags: string[][] }): void }

/** NIP-01 id and BIP-340 signature in plain JavaScript: about 1,200 a second. */
export const checkInScript: SignatureCheck = (event) => {
  if (hashEvent(event) !== event.id)
    return 'bad-id'
  try {
    return schnorr.verify(hexToBytes(event.sig), hexToBytes(event.id), hexToBytes(event.pubkey)) ? 'ok' : 'bad-sig'
  }
  catch (thrown) {
    // The library throws where the key is no point of the curve.
    if (thrown instanceof Error)
      return 'bad-sig'
    throw thrown
  }
}

const loadWasm = async (): Promise<WasmLibrary> => (await import('nostr-wasm')).initNostrWasm()

/** The same by nostr-wasm, about 2,700 a second; in JavaScript where WebAssembly is switched off or does not load. */
export async function openSignatureCheck(load: () => Promise<WasmLibrary> = loadWasm): Promise<SignatureCheck> {
  const wasm = await load().catch(() => null)
  return wasm === null ? checkInScript : inWasm(wasm)
}

function inWasm(wasm: WasmLibrary): SignatureCheck {
  return (event) => {
    if (event.content.length + event.tags.length * 256 > MOST_IN_WASM || event.tags.some(tag => tag.some(part => part.length > 1024)))
      return checkInScript(event)
    try {
      wasm.verifyEvent({ ...event, tags: event.tags as string[][] })
      return 'ok'
    }
    catch (thrown) {
      if (thrown instanceof Error)
        return thrown.message === 'id is invalid' ? 'bad-id' : 'bad-sig'
      throw thrown
    }
  }
}

/** Shape, size, id and signature of whatever a stranger sent (T22). */
export function verifyOne(value: unknown, check: SignatureCheck): VerifyOutcome {
  const event = readEvent(value)
  if (!event.ok)
    return refusedShape(value, event.error.code)
  const verdict = check(event.value)
  return verdict === 'ok' ? { ok: true, event: event.value } : { ok: false, id: event.value.id, reason: verdict }
}

export function refusedShape(value: unknown, reason: 'event-shape' | 'limit'): VerifyOutcome {
  const id = isRecord(value) ? field(value, 'id') : null
  return { ok: false, id: isEventId(id) ? id : null, reason }
}
