import words from '../../locales/restore.en.json'

export { words }

/** How one item stands while a restoration runs, and after it: '' as the report has it. */
export type ItemState = '' | 'working' | 'restored' | { readonly failed: string }
