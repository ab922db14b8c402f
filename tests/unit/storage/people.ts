import { decrypt as open04, encrypt as seal04 } from 'nostr-tools/nip04'
import { v2 as nip44 } from 'nostr-tools/nip44'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import type { EventId, Pubkey, Seconds } from '../../../src/domain/brand'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { err, ok } from '../../../src/domain/result'
import type { Clock } from '../../../src/ports/clock'
import type { Signer } from '../../../src/ports/signer'

/** A signer with a key at hand, as small as it can be. */
export function testSigner(secret: Uint8Array, kind: Signer['kind'] = 'local', can = { nip04: true, nip44: true }): Signer {
  const key = new Uint8Array(secret)
  const trying = (work: () => string) => {
    try {
      return ok(work())
    }
    catch {
      return err({ code: 'decrypt' } as const)
    }
  }
  return {
    kind,
    can,
    pubkey: getPublicKey(key) as Pubkey,
    sign: async event => ok(finalizeEvent({ ...event, tags: event.tags.map(tag => [...tag]) }, key) as unknown as NostrEvent),
    nip04Encrypt: async (to, text) => trying(() => seal04(key, to, text)),
    nip04Decrypt: async (from, text) => trying(() => open04(key, from, text)),
    nip44Encrypt: async (to, text) => trying(() => nip44.encrypt(text, nip44.utils.getConversationKey(key, to))),
    nip44Decrypt: async (from, text) => trying(() => nip44.decrypt(text, nip44.utils.getConversationKey(key, from))),
    close: () => { key.fill(0) },
  }
}

export const secretOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

/** Time that the test owns: sleepers wake when `pass` has brought them there. */
export function testClock(start = 1_800_000_000) {
  let time = start
  let ids = 0
  let sleepers: { until: number, wake: () => void }[] = []
  const clock: Clock = {
    now: () => Math.floor(time) as Seconds,
    sleep: (ms, signal) => new Promise((resolve) => {
      if (signal?.aborted)
        return resolve()
      sleepers.push({ until: time + ms / 1000, wake: resolve })
      signal?.addEventListener('abort', () => resolve(), { once: true })
    }),
    newId: () => (++ids).toString(16).padStart(64, '0') as EventId,
    random: () => 0.5,
  }
  return {
    clock,
    async pass(seconds: number): Promise<void> {
      const target = time + seconds
      for (;;) {
        const next = Math.min(...sleepers.map(one => one.until))
        if (next > target)
          break
        time = Math.max(time, next)
        const due = sleepers.filter(one => one.until <= time)
        sleepers = sleepers.filter(one => one.until > time)
        for (const one of due)
          one.wake()
        await new Promise((resolve) => { setTimeout(resolve, 0) })
      }
      time = target
    },
  }
}
