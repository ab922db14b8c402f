import { shallowReadonly, shallowRef } from 'vue'
import { err, ok, type Result } from '../domain/result'
import { acceptByHand, takeBackByHand } from '../flows/acceptByHand'
import { useConversationsStore, type Claim } from '../stores/conversations'
import { locked, useSender } from './useSender'

/** The person's own judgement on what cannot be told to be anybody's word. */
export function useClaims() {
  const conversations = useConversationsStore()
  const sender = useSender()
  const busy = shallowRef(false)

  /** Makes it count where it is about an order that is here; else it is only noted as ours. */
  async function accept(claim: Claim): Promise<Result<void, { readonly code: string }>> {
    const deps = sender()
    if (deps === null || busy.value)
      return err(deps === null ? locked : { code: 'busy' })
    if (claim.kind === 'unattributed' && claim.order !== null) {
      busy.value = true
      const kept = await acceptByHand(deps, claim.order.key, claim.message.id).finally(() => { busy.value = false })
      if (!kept.ok)
        return kept
    }
    conversations.decide(claim.message.id, 'mine')
    return ok(undefined)
  }
  /** Takes either judgement back: it counts for nothing again, and is asked about anew. */
  async function undo(claim: Claim): Promise<Result<void, { readonly code: string }>> {
    const deps = sender()
    if (deps === null)
      return err(locked)
    if (claim.kind === 'unattributed' && claim.order !== null) {
      const kept = await takeBackByHand(deps, claim.order.key, claim.message.id)
      if (!kept.ok)
        return kept
    }
    conversations.decide(claim.message.id, 'open')
    return ok(undefined)
  }
  return { busy: shallowReadonly(busy), accept, undo, dismiss: (claim: Claim): void => conversations.decide(claim.message.id, 'not-mine') }
}
