import * as v from 'valibot'
import type { SandboxPersonas } from '../ports/personas'

const Person = v.object({ nsec: v.string(), name: v.string() })
const Personas = v.object({
  shopper: v.object({ ...Person.entries, walletUri: v.string() }),
  merchant: v.object({ ...Person.entries, wallet: v.variant('kind', [
    v.object({ kind: v.literal('nwc'), uri: v.string() }),
    v.object({ kind: v.literal('lnbits'), url: v.string(), invoiceKey: v.string() }),
  ]) }),
})

/** The sandbox's two people, asked of the sandbox. @throws when it is gone, or answers oddly: it is part of the same program */
export function openPersonas(url: string): SandboxPersonas {
  const ask = async (): Promise<v.InferOutput<typeof Personas>> => {
    const answer = await fetch(`${url}/control/personas`)
    const body: unknown = await answer.json()
    return v.parse(Personas, body)
  }
  return {
    shopper: async () => (await ask()).shopper,
    merchant: async () => (await ask()).merchant,
  }
}
