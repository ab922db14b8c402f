import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { SignInError } from '../ports/accounts'
import type { KeyMaths } from './key-maths'
import { readKeyText } from './key-text'
import type { VaultError } from './vault'

export const failed = (code: SignInError['code']) => err<SignInError>({ code })

const PASSPHRASE_MIN = 8
export const isWeak = (passphrase: string) => [...passphrase.normalize('NFKC')].length < PASSPHRASE_MIN

export function signInError(code: VaultError): SignInError['code'] {
  if (code === 'declined' || code === 'wrong-account' || code === 'storage-full' || code === 'bad-answer')
    return code
  if (code === 'unavailable')
    return 'no-answer'
  return code === 'storage-newer' ? 'storage-off' : 'unsupported'
}

/** nsec, hex, ncryptsec or words, as they were pasted. */
export async function secretIn(maths: KeyMaths, pasted: string, passphrase: string): Promise<Result<Uint8Array<ArrayBuffer>, SignInError>> {
  const text = readKeyText(pasted)
  if (!text)
    return failed('not-a-key')
  if (text.form === 'secret')
    return ok(text.secret)
  if (text.form === 'words') {
    const secret = await maths.fromWords(text.words)
    return secret ? ok(new Uint8Array(secret)) : failed('bad-words')
  }
  const secret = await maths.unlock(text.text, passphrase)
  return secret ? ok(new Uint8Array(secret)) : failed('wrong-passphrase')
}
