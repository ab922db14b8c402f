import type { RumorTemplate } from './gamma-encode'

/** What the mail carries for us: the text of a kind 4 (NIP-04), or a rumor for gift wraps (NIP-17). */
export type Letter =
  | { readonly transport: 'nip04', readonly plaintext: string }
  | { readonly transport: 'nip59', readonly template: RumorTemplate }
