import type { Seconds } from '../brand'
import type { Dialect } from '../catalog/listing-base'
import { isOrderSubject } from '../protocol/order-subject'
import type { Order, Role } from './types'

/** What was said in which dialect, and when. */
export interface Spoken { readonly dialect: Dialect, readonly at: Seconds }

/** What this device knows of how a person speaks. */
export interface Evidence {
  /** Dialects of what they have on the shelf. */
  readonly published: readonly Dialect[]
  /** Whether they name relays for private messages (kind 10050); null: nobody has answered yet. */
  readonly inbox: boolean | null
  /** What their NIP-89 recommendation for listings says, newest first. */
  readonly apps: readonly Dialect[]
  /** In which dialects they spoke of our orders. */
  readonly answered: readonly Spoken[]
  /** In what they wrote to us beside orders: NIP-04 (`nip15`) or NIP-17 (`gamma`), whose chat is the same in all NIP-99 dialects. */
  readonly talked: readonly Spoken[]
  /** In which dialects orders between us were placed. */
  readonly used: readonly Spoken[]
}

export type DialectWhy = 'this-order' | 'answered' | 'listing' | 'app' | 'used' | 'inbox' | 'published' | 'default'
export interface DialectChoice { readonly dialect: Dialect, readonly why: DialectWhy }

export const noEvidence: Evidence = { published: [], inbox: null, apps: [], answered: [], talked: [], used: [] }

const isNip99 = (dialect: Dialect): boolean => dialect !== 'nip15'
const newest = (spoken: readonly Spoken[], fits: (dialect: Dialect) => boolean): Dialect | undefined =>
  spoken.filter(({ dialect }) => fits(dialect)).reduce<Spoken | undefined>((best, one) => best === undefined || one.at > best.at ? one : best, undefined)?.dialect

/**
 * In which dialect a new order is placed. The listing in the cart decides between NIP-15 and NIP-99, whose orders cannot name
 * each other's goods (gamma.md §8.6); among the NIP-99 ones, what the merchant answered in before comes first, then the marks
 * of the listing, then the application they recommend, then what our orders with them used. Of a merchant with goods in Shopstr and
 * elsewhere each listing speaks for itself: what was answered about one kind says nothing of the other.
 */
export function dialectForOrder(listing: Dialect, { published, answered, apps, used }: Evidence): DialectChoice {
  if (!isNip99(listing) || readerships(published.filter(isNip99)) > 1)
    return { dialect: listing, why: 'listing' }
  // Plain Gamma is what every NIP-17 client speaks: only another dialect than that tells more than an unmarked listing does.
  const marked = (dialect: Dialect): boolean => isNip99(dialect) && (listing === 'gamma' ? dialect !== 'gamma' : true)
  const told = newest(answered, marked)
  if (told !== undefined)
    return { dialect: told, why: 'answered' }
  if (listing !== 'gamma')
    return { dialect: listing, why: 'listing' }
  const app = apps.find(isNip99)
  if (app !== undefined)
    return { dialect: app, why: 'app' }
  const before = newest(used, isNip99)
  return before === undefined ? { dialect: listing, why: 'listing' } : { dialect: before, why: 'used' }
}

const isShopstr = (dialect: Dialect): boolean => dialect === 'shopstr'
const readerships = (dialects: readonly Dialect[]): number => new Set(dialects.map(isShopstr)).size

/** Goods whose orders one program reads, together: Shopstr shows its own orders only, and others none of those (gamma.md §6, §7). */
export function readTogether<T extends { readonly dialect: Dialect }>(goods: readonly T[]): readonly (readonly T[])[] {
  const [first] = goods
  return first === undefined ? [] : [goods.filter(one => isShopstr(one.dialect) === isShopstr(first.dialect)), goods.filter(one => isShopstr(one.dialect) !== isShopstr(first.dialect))].filter(part => part.length > 0)
}

/** Of listings that are read together: the one that says more than plain Gamma does. null: there are none. */
export const dialectOfGoods = (goods: readonly { readonly dialect: Dialect }[]): Dialect | null =>
  goods.find(({ dialect }) => dialect !== 'gamma')?.dialect ?? goods[0]?.dialect ?? null

/** In which dialect to write to a person about no order in particular. */
export function dialectForTalk({ published, inbox, apps, answered, talked, used }: Evidence): DialectChoice {
  const told = newest([...answered, ...talked], () => true)
  // Shopstr shows no chat but its own (gamma.md §6): an envelope alone does not say that it is not Shopstr.
  if (told === 'gamma')
    return { dialect: newest([...answered, ...used], dialect => isNip99(dialect) && dialect !== 'gamma') ?? apps[0] ?? published.find(dialect => isNip99(dialect) && dialect !== 'gamma') ?? told, why: 'answered' }
  if (told !== undefined)
    return { dialect: told, why: 'answered' }
  const before = newest(used, () => true)
  if (before !== undefined)
    return { dialect: before, why: 'used' }
  const [app] = apps
  if (app !== undefined)
    return { dialect: app, why: 'app' }
  // Whoever names relays for gift wraps reads them (NIP-17).
  if (inbox === true)
    return { dialect: published.find(isNip99) ?? 'gamma', why: 'inbox' }
  // Without such a list wraps still go to the relays they read (transport.md §4); who sells by NIP-15 only may not open them.
  const shelf = published.find(isNip99) ?? published[0]
  return shelf === undefined ? { dialect: 'nip15', why: 'default' } : { dialect: shelf, why: 'published' }
}

/**
 * In which dialect one side of an order goes on: the other side's last words decide, whatever the order was placed in. What
 * cannot be said in Shopstr's words, which name goods by their NIP-99 address, goes as plain NIP-17.
 */
export function dialectOfOrder(order: Pick<Order, 'id' | 'dialect' | 'heardIn' | 'items'>, speaker: Role): DialectChoice {
  const heard = order.heardIn[speaker === 'shopper' ? 'merchant' : 'shopper']
  if (heard === undefined || heard === order.dialect)
    return { dialect: order.dialect, why: 'this-order' }
  // A NIP-15 id that no rumor's subject would be taken for: said there it would belong to no order at all.
  if (order.dialect === 'nip15' && !isOrderSubject(order.id))
    return { dialect: order.dialect, why: 'this-order' }
  const nameable = order.items.every(({ product }) => product?.startsWith('30402:') === true)
  return { dialect: heard === 'shopstr' && !nameable ? 'gamma' : heard, why: 'answered' }
}

/** Dialect of one more message of one side, after what it spoke before: words between people only tell the envelope. */
export function heardAfter(before: Dialect, message: { readonly type: string, readonly transport: string, readonly dialect: Dialect }): Dialect {
  if (message.type !== 'chat')
    return message.dialect
  if (message.transport === 'nip04')
    return 'nip15'
  return before === 'nip15' ? 'gamma' : before
}
