import { words, signInErrorText } from '../components/account/words'
import { saveFile } from '../components/save-file'
import { fill } from '../components/words'
import { useAccountStore } from '../stores/account'
import { useServices } from '../stores/services'

/** Offers the key as a file under its passphrase; resolves to the sentence of what went wrong, or ''. */
export function useExportKey(): (passphrase: string) => Promise<string> {
  const account = useAccountStore()
  const { clock } = useServices()
  return async (passphrase) => {
    const text = await account.exportKey(passphrase)
    if (!text.ok)
      return signInErrorText(text.error.code)
    const date = new Date(clock.now() * 1000).toISOString().slice(0, 10)
    saveFile(fill(words.you.account.exportFile, { date }), `Souk key (NIP-49). It opens with its passphrase.\n${text.value}\n`, 'text/plain')
    account.markBackedUp()
    return ''
  }
}
