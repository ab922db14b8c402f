import { shallowReadonly, shallowRef, watch } from 'vue'
import type { Carrier } from '../ports/journal'
import { err, type Result } from '../domain/result'
import { useAccountStore } from '../stores/account'
import { useInboxStore } from '../stores/inbox'
import { locked } from './useSender'

/** What came to the open account and nobody can read, newest first; and letting go of it. */
export function useSpoilt() {
  const account = useAccountStore()
  const inbox = useInboxStore()
  const spoilt = shallowRef<readonly Carrier[]>([])
  const busy = shallowRef(false)

  async function read(): Promise<void> {
    const { journal } = account
    const found = await journal?.spoilt() ?? []
    if (account.journal === journal)
      spoilt.value = found
  }
  watch([() => account.journal, () => inbox.spoilt], () => void read(), { immediate: true })

  async function forget(): Promise<Result<void, { readonly code: string }>> {
    const { journal } = account
    if (journal === null || busy.value)
      return err(journal === null ? locked : { code: 'busy' })
    busy.value = true
    // Their ids stay, so that no relay brings them again.
    const noted = await journal.noteCarriers(spoilt.value.map(({ id, at }) => ({ id, at, spoilt: '' }))).finally(() => { busy.value = false })
    await read()
    return noted
  }
  return { spoilt: shallowReadonly(spoilt), busy: shallowReadonly(busy), forget }
}
