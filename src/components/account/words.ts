import words from '../../locales/account.en.json'
import { fill, wordOf } from '../order/words'

export { words }

/** A sentence for whatever sign-in failed with. */
export const signInErrorText = (code: string): string => fill(wordOf(words.signIn.errors, code, words.signIn.errors.other), { code })
