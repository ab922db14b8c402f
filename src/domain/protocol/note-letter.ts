import type { Pubkey } from '../brand'
import type { Dialect } from '../catalog/listing-base'
import { encodeGammaChat } from './gamma-encode'
import type { Letter } from './letter'
import { encodeShopstrChat } from './shopstr-encode'

/** Words between people about no order: plain text by NIP-04, kind 14 by NIP-17. Never in the open, whatever the other side does. */
export function noteLetter(dialect: Dialect, { to, text }: { readonly to: Pubkey, readonly text: string }): Letter {
  switch (dialect) {
    case 'nip15': return { transport: 'nip04', plaintext: text }
    case 'shopstr': return { transport: 'nip59', template: encodeShopstrChat({ to, text }) }
    case 'plebeian':
    case 'gamma': return { transport: 'nip59', template: encodeGammaChat({ to, text }) }
  }
}
