import * as v from 'valibot'
import type { NostrEvent } from '../../domain/protocol/event'
import { isRecord } from '../../domain/protocol/json'
import type { LetterOutcome } from '../../ports/signer'

/** What the page says to a worker that opens letters. The key goes over once, and `forget` wipes it (decision 0012). */
export type ToOpener =
  | { readonly type: 'key', readonly secret: Uint8Array<ArrayBuffer> }
  | { readonly type: 'open', readonly id: number, readonly events: readonly NostrEvent[] }
  | { readonly type: 'forget' }
/** Its answer to `open`: one outcome a letter, in the same order. */
export interface FromOpener { readonly id: number, readonly outcomes: readonly LetterOutcome[] }

/** From a worker of our own, which has checked every layer: here only what it is, not again every letter. */
const Opened = v.object({
  id: v.number(),
  outcomes: v.array(v.custom<LetterOutcome>(value => isRecord(value) && (value['ok'] === true ? isRecord(value['value']) : isRecord(value['error'])))),
})

/** null: nothing of that. */
export function readFromOpener(data: unknown): FromOpener | null {
  const read = v.safeParse(Opened, data)
  return read.success ? read.output : null
}
