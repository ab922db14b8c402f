import * as v from 'valibot'
import type { Pubkey, Seconds } from '../domain/brand'
import { isPubkey, isSeconds } from '../domain/brand'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { AccountRecord } from '../ports/accounts'
import type { KeyValue } from './key-value'
import { OURS, isQuota } from './key-value'

const NAME = `${OURS}accounts`

const Kept = v.object({
  pubkey: v.custom<Pubkey>(isPubkey),
  kind: v.picklist(['nip07', 'nip46', 'local', 'guest']),
  label: v.pipe(v.string(), v.maxLength(200)),
  createdAt: v.custom<Seconds>(isSeconds),
  backedUp: v.boolean(),
  ncryptsec: v.pipe(v.string(), v.regex(/^(ncryptsec1[a-z0-9]{1,290})?$/)),
})
/** 2: remote signers are in it, which a program that does not know them must leave alone. */
const Book = v.object({ v: v.picklist([1, 2]), current: v.nullable(v.custom<Pubkey>(isPubkey)), accounts: v.pipe(v.array(Kept), v.maxLength(200)) })

/** An account as it rests: NIP-49 text of a local key, '' for the others. */
export type KeptAccount = Readonly<v.InferOutput<typeof Kept>>
interface AccountBook { readonly current: Pubkey | null, readonly accounts: readonly KeptAccount[] }
type BookError = 'storage-full' | 'storage-off'

export const recordOf = ({ pubkey, kind, label, createdAt, backedUp }: KeptAccount): AccountRecord => ({ pubkey, kind, label, createdAt, backedUp })

/**
 * Who uses this device. Read anew at each use, since another tab may have written (T13). A book that cannot be read is
 * set aside; one of a newer program is neither read nor written (T12).
 */
export function accountBook(store: KeyValue, now: () => Seconds) {
  function read(): AccountBook | 'newer' {
    const text = store.getItem(NAME)
    if (text === null)
      return { current: null, accounts: [] }
    const book = v.safeParse(Book, parse(text))
    if (book.success)
      return { current: book.output.current, accounts: book.output.accounts }
    if (v.is(v.object({ v: v.pipe(v.number(), v.minValue(3)) }), parse(text)))
      return 'newer'
    store.removeItem(NAME)
    store.setItem(`${OURS}quarantine:accounts:${now()}`, text)
    return { current: null, accounts: [] }
  }

  function change(edit: (book: AccountBook) => AccountBook): Result<void, BookError> {
    const book = read()
    if (book === 'newer')
      return err('storage-off')
    try {
      const edited = edit(book)
      if (edited.accounts.length === 0)
        store.removeItem(NAME)
      else
        store.setItem(NAME, JSON.stringify({ v: edited.accounts.some(({ kind }) => kind === 'nip46') ? 2 : 1, ...edited }))
      return ok(undefined)
    }
    catch (thrown) {
      if (thrown instanceof DOMException)
        return err(isQuota(thrown) ? 'storage-full' : 'storage-off')
      throw thrown
    }
  }

  const accounts = (): readonly KeptAccount[] => {
    const book = read()
    return book === 'newer' ? [] : book.accounts
  }

  return {
    accounts,
    find: (pubkey: Pubkey) => accounts().find(account => account.pubkey === pubkey) ?? null,
    current(): KeptAccount | null {
      const book = read()
      return book === 'newer' ? null : book.accounts.find(account => account.pubkey === book.current) ?? null
    },
    /** Puts the account in (or in the place of its former record), and makes it the current one. */
    keep: (account: KeptAccount) => change(({ accounts: all }) => ({
      current: account.pubkey,
      accounts: [...all.filter(one => one.pubkey !== account.pubkey), account],
    })),
    replace: (account: KeptAccount) => change(book => ({
      ...book,
      accounts: book.accounts.map(one => one.pubkey === account.pubkey ? account : one),
    })),
    choose: (pubkey: Pubkey | null) => change(book => ({ ...book, current: pubkey })),
    remove: (pubkey: Pubkey) => change(({ current, accounts: all }) => ({
      current: current === pubkey ? null : current,
      accounts: all.filter(one => one.pubkey !== pubkey),
    })),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError)
      return null
    throw thrown
  }
}
