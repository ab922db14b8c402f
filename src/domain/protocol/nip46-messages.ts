import { field, isRecord, parseJson } from './json'
import { limits } from '../limits'

export type RemoteMethod = 'connect' | 'get_public_key' | 'sign_event' | 'nip04_encrypt' | 'nip04_decrypt' | 'nip44_encrypt' | 'nip44_decrypt' | 'ping' | 'switch_relays' | 'logout'

/** What a remote signer said, before anything in it is believed. */
export interface RemoteAnswer { readonly id: string, readonly result: unknown, readonly error: string }

/** A signed event is a text within a text within a text. */
const MOST_CHARACTERS = limits.messageContent * 4

export const writeRemoteRequest = (id: string, method: RemoteMethod, params: readonly string[]): string => JSON.stringify({ id, method, params })

/** `null`: no answer of NIP-46. An error that is no text is one all the same. */
export function readRemoteAnswer(text: string): RemoteAnswer | null {
  const json = parseJson(text, MOST_CHARACTERS)
  if (!json.ok || !isRecord(json.value))
    return null
  const id = field(json.value, 'id')
  const error = field(json.value, 'error')
  // A request of its own is no answer, whatever else stands in it.
  if (typeof id !== 'string' || id.length > 128 || field(json.value, 'method') !== undefined)
    return null
  const said = error === undefined || error === null || error === '' ? '' : typeof error === 'string' ? error.slice(0, limits.name) : 'error'
  return { id, result: field(json.value, 'result'), error: said }
}

/** A page that the signer wants its owner to see first: shown as a link, opened by the person only. `null`: none that we show. */
export function authLink({ result, error }: RemoteAnswer): string | null {
  if (result !== 'auth_url' || !URL.canParse(error))
    return null
  const url = new URL(error)
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
}
