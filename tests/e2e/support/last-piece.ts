import type { Page } from '@playwright/test'
import { secretOf } from '../../../sandbox/market/seed'
import { somebodyElsewhere } from './other-program'
import { expect } from './people'
import { go } from './shopping'
import { DIALECTS, merchantAtDesk, type Dialect } from './sides'

/** The last piece on the shelf, of a name that no other story uses; listed by some other program of the merchant. */
export async function lastPiece(dialect: Dialect) {
  const { merchant, product } = DIALECTS[dialect]
  const elsewhere = somebodyElsewhere(secretOf(merchant))
  const kind = dialect === 'Gamma' ? 30402 : 30018
  const id = crypto.randomUUID()
  const name = `Last piece ${id.slice(0, 6)}`
  const like = (await elsewhere.stored({ kinds: [kind], authors: [elsewhere.pubkey] })).find(({ content, tags }) => dialect === 'Gamma' ? tags.some(([tag, value]) => tag === 'title' && value === product) : String(JSON.parse(content).name).startsWith(product))
  if (like === undefined)
    throw new Error(`no product ${product}`)
  const tagged = (quantity: number): string[][] => [...like.tags.filter(([tag]) => !['d', 'title', 'stock'].includes(tag ?? '')).map(tag => [...tag]), ['d', id], ['title', name], ['stock', String(quantity)]]
  const list = (quantity: number) => elsewhere.publish(dialect === 'Gamma'
    ? { kind, tags: tagged(quantity), content: like.content }
    : { kind, tags: [['d', id], ['t', 'Honey']], content: JSON.stringify({ ...JSON.parse(like.content), id, name, quantity }) })
  await list(1)
  return { name, list }
}

/** At the desk, whose wallet reserves the money for what is nearly sold out. */
export async function deskReserving(page: Page, dialect: Dialect): Promise<void> {
  await merchantAtDesk(page, dialect)
  await go(page, '/desk/settings')
  await expect(page.getByTestId('can-hold')).toBeVisible({ timeout: 30_000 })
  await page.getByTestId('reserve').getByRole('switch').click()
  await expect(page.getByTestId('reserve-few')).toBeVisible()
  await go(page, '/desk/orders')
}
