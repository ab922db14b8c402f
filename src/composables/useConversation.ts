import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { Pubkey } from '../domain/brand'
import { dialectForTalk, type DialectChoice } from '../domain/order/dialect-choice'
import { err, ok, type Result } from '../domain/result'
import { sendNote } from '../flows/sendNote'
import { useConversationsStore } from '../stores/conversations'
import { useEvidence } from './useEvidence'
import { locked, useSender } from './useSender'

/** Writing to one person beside any order, in whatever they read. */
export function useConversation(person: MaybeRefOrGetter<Pubkey | null>): { readonly choice: ComputedRef<DialectChoice>, send(text: string): Promise<Result<void, { readonly code: string }>> } {
  const conversations = useConversationsStore()
  const sender = useSender()
  const evidence = useEvidence(person)
  const choice = computed(() => dialectForTalk(evidence.value))
  let busy = false

  async function send(text: string): Promise<Result<void, { readonly code: string }>> {
    const deps = sender()
    const to = toValue(person)
    if (deps === null || to === null || busy)
      return err(deps === null ? locked : { code: 'busy' })
    busy = true
    const sent = await sendNote(deps, { to, dialect: choice.value.dialect, text, lastOwnAt: conversations.lastOwnAt(to) }).finally(() => { busy = false })
    return sent.ok ? ok(undefined) : sent
  }
  return { choice, send }
}
