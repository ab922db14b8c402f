import type { Seconds } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { RemotePresence, SignerPresence } from '../../ports/signer'
import { backoffMs } from '../backoff'

/** One question that is on its way. */
export interface Asked { readonly since: Seconds, link: string | null, heardBefore: number }

interface Parts {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** A ping: true once anything came back. */
  readonly knock: () => Promise<boolean>
}

export interface PresenceKeeper {
  readonly port: RemotePresence
  readonly silent: () => boolean
  began(asked: Asked): void
  ended(asked: Asked): void
  /** Something in a question changed. */
  changed(): void
  /** Anything readable of the signer's came. */
  heard(): void
  /** A question's time was over. Whoever said anything at all meanwhile is not silent: its owner may not have looked. */
  unheard(asked: Asked): void
  /** Asks for a sign of life; those who ask meanwhile wait for the same one. */
  revive(): Promise<boolean>
}

/** A signer that was silent is tried again by itself, ever more rarely. */
const AGAIN = { firstMs: 20_000, mostMs: 600_000 }

/** Keeps account of whether a remote signer answers. */
export function keepPresence({ clock, signal, knock }: Parts): PresenceKeeper {
  const listeners = new Set<(presence: SignerPresence) => void>()
  const asking = new Set<Asked>()
  let silentSince: Seconds | null = null
  let knocking: Promise<boolean> | null = null
  let heard = 0
  let told = ''

  function current(): SignerPresence {
    if (silentSince !== null)
      return { state: 'silent', since: silentSince, trying: knocking !== null }
    const [oldest] = [...asking].sort((a, b) => a.since - b.since)
    return oldest ? { state: 'waiting', since: oldest.since, link: [...asking].find(({ link }) => link !== null)?.link ?? null } : { state: 'ready' }
  }

  function changed(): void {
    const now = current()
    const text = JSON.stringify(now)
    if (text === told || signal.aborted)
      return
    told = text
    listeners.forEach(listener => listener(now))
  }

  function revive(): Promise<boolean> {
    if (silentSince === null)
      return Promise.resolve(true)
    knocking ??= knock().finally(() => {
      knocking = null
      changed()
    })
    changed()
    return knocking
  }

  async function keepTrying(): Promise<void> {
    for (let attempt = 1; silentSince !== null && !signal.aborted; attempt++) {
      await clock.sleep(backoffMs(attempt, clock.random(), AGAIN), signal)
      if (silentSince !== null && !signal.aborted)
        await revive()
    }
  }

  return {
    port: {
      current,
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      retry: () => void revive(),
    },
    silent: () => silentSince !== null,
    began(asked) {
      asked.heardBefore = heard
      asking.add(asked)
      changed()
    },
    ended(asked) {
      asking.delete(asked)
      changed()
    },
    changed,
    heard() {
      heard++
      silentSince = null
      changed()
    },
    unheard({ heardBefore }) {
      if (heard > heardBefore || silentSince !== null || signal.aborted)
        return
      silentSince = clock.now()
      changed()
      void keepTrying()
    },
    revive,
  }
}
