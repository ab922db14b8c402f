import { panelWords } from './words'
import type { Msat } from '../../../domain/brand'
import { fill, wordOf } from '../words'

/** Why an address gave no invoice, as it arrives from the flow. */
export interface AddressProblem { readonly code: string, readonly detail?: string, readonly limit?: Msat }

const w = panelWords.prepaid.errors

/** One sentence: what happened, and that nothing was paid. `detail` is a stranger's text: bounded, and shown as text only. */
export function addressProblem({ code, detail = '', limit }: AddressProblem, amount: (msat: Msat) => string): string {
  const said = detail.replace(/\s+/g, ' ').trim()
  const text = wordOf(w, code.startsWith('storage') ? 'storage' : code, w.other)
  return fill(text, { code, detail: said === '' ? '' : `“${said}”.`, limit: limit === undefined ? '' : amount(limit) }).replace(': Nothing', '. Nothing')
}
