import type { Pubkey } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import { assertNever } from '../../domain/result'
import type { LetterOutcome, Signer } from '../../ports/signer'
import { createLocalSigner } from '../signers/local'
import type { SignatureCheck } from '../verify'
import type { FromOpener, ToOpener } from './open-messages'
import { readLetter } from './open-letter'

interface HostParts { readonly check: Promise<SignatureCheck>, readonly post: (answer: FromOpener) => void, readonly end: () => void }

/** The worker's side: has the key while the account is open, opens batches one after the other, and forgets. */
export function hostOpener({ check, post, end }: HostParts): (message: ToOpener) => void {
  let signer: Signer | null = null
  let turn: Promise<void> = Promise.resolve()

  async function openAll(events: readonly NostrEvent[]): Promise<readonly LetterOutcome[]> {
    const isSigned = await check
    const outcomes: LetterOutcome[] = []
    for (const event of events)
      outcomes.push(signer === null ? { ok: false, error: { code: 'locked' } } : await openOne(event, signer, signer.pubkey, isSigned))
    return outcomes
  }

  return (message) => {
    switch (message.type) {
      case 'key':
        signer?.close()
        signer = createLocalSigner(message.secret)
        return
      case 'open': {
        const { id, events } = message
        turn = turn.then(async () => post({ id, outcomes: await openAll(events) }))
        return
      }
      case 'forget':
        signer?.close()
        signer = null
        return end()
      default:
        assertNever(message)
    }
  }
}

async function openOne(event: NostrEvent, signer: Signer, me: Pubkey, isSigned: SignatureCheck): Promise<LetterOutcome> {
  const letter = readLetter(event, me)
  return letter.ok ? letter.value.open(signer, async seal => isSigned(seal) === 'ok') : letter
}
