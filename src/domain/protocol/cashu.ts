/** A Cashu token (NUT-00, versions A and B) is money: whoever reads it can spend it (gamma.md §6). */
const TOKEN = /cashu[AB][\w+/-]{8,}={0,2}/g

/** The first token in a text; '' when there is none. */
export const tokenIn = (text: string): string => text.match(TOKEN)?.[0] ?? ''

/** A text as it may be shown and logged: of a token only its beginning. */
export const withoutTokens = (text: string): string => text.replace(TOKEN, token => `${token.slice(0, 6)}…`)
