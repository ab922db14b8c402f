import type { RelayUrl } from '../domain/brand'
import type { Clock } from '../ports/clock'
import type { AuthPolicy } from '../ports/relays'
import { asksSomebody, type Signer } from '../ports/signer'

interface Parts {
  readonly signer: Signer
  readonly clock: Pick<Clock, 'now'>
  /** The person lets this relay know who they are. */
  readonly chosen: (relay: RelayUrl) => boolean
  /** Somebody is there: came in by hand, or has tapped. */
  readonly mayAsk: boolean
}

/** A relay that drops its connections must not make a signer elsewhere ask somebody each time. */
const AGAIN_SECONDS = 600

/**
 * Who answers AUTH, and where (NIP-42, T23). A key that is here answers at once, wherever the person said yes. A signer elsewhere
 * is asked only once somebody is there, once for each relay; what it signed for may be asked for anew after a while, when a
 * connection was lost. For one more question make another policy.
 */
export function authPolicy({ signer, clock, chosen, mayAsk }: Parts): AuthPolicy {
  const asked = new Map<RelayUrl, { at: number, signed: boolean }>()

  function mayAskFor(relay: RelayUrl): boolean {
    const before = asked.get(relay)
    return mayAsk && (before === undefined || (before.signed && clock.now() - before.at >= AGAIN_SECONDS))
  }

  return {
    pubkey: signer.pubkey,
    allowed: relay => chosen(relay) && (!asksSomebody(signer) || mayAskFor(relay)),
    async sign(event) {
      const relay = event.tags.find(([name]) => name === 'relay')?.[1] as RelayUrl | undefined
      const mark = { at: clock.now(), signed: false }
      if (relay !== undefined)
        asked.set(relay, mark)
      const signed = await signer.sign(event)
      mark.signed = signed.ok
      return signed.ok ? signed.value : null
    },
  }
}
