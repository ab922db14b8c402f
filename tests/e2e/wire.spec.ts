import type { Page } from '@playwright/test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { nsecEncode } from 'nostr-tools/nip19'
import { generateSecretKey } from 'nostr-tools/pure'
import { ADDRESSES } from './support/addresses'
import { expect, test } from './support/people'
import { fillDelivery, go, invoiceShown, marketThere, placeOrder, putInCart, toCheckout } from './support/shopping'

const PRIVATE = { name: 'Zerlina Quasthoff', address: 'Geheimweg 4711, Kleinmachnow', email: 'zerlina@quasthoff.example', message: 'Bitte hinter dem Hollerbusch ablegen' } as const
/** Parts that nothing else contains, so that a split or shortened text is found as well. */
const MARKS = ['Zerlina', 'Quasthoff', 'Geheimweg', '4711, Klein', 'quasthoff.example', 'Hollerbusch']

/** Everything a page keeps between visits, as text. */
async function keptText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]
    const settled = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error('IndexedDB'))
    })
    /** Bytes as the letters they would be, at any depth. */
    const text = (value: unknown): string => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
        return new TextDecoder('latin1').decode(value)
      if (value instanceof Map || value instanceof Set)
        return [...value].map(text).join(' ')
      return typeof value === 'object' && value !== null ? Object.entries(value).map(([key, inner]) => `${key}:${text(inner)}`).join(' ') : String(value)
    }
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ''))
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store)
        parts.push(store, text(await settled(objects.getAll())), text(await settled(objects.getAllKeys())))
      }
      database.close()
    }
    return parts.join('\n')
  })
}

test('T14: what leaves the browser, and what stays on the device, shows nothing private in clear', async ({ arrive }) => {
  test.setTimeout(90_000)
  const { page, context } = await arrive('#/you')
  const sent: string[] = []
  const frames: string[] = []
  page.on('websocket', socket => socket.on('framesent', ({ payload }) => {
    sent.push(String(payload))
    frames.push(String(payload))
  }))
  context.on('request', request => sent.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`))
  await page.goto('')
  await page.reload()
  await marketThere(page)
  // T16: a key that this story knows, so that it can be looked for.
  const secret = generateSecretKey()
  const passphrase = 'seven quiet garden words'
  await go(page, '/sign-in')
  await page.getByTestId('other-ways').click()
  await page.getByTestId('sign-in-key').click()
  await page.getByLabel('Your key, words or saved file text').fill(nsecEncode(secret))
  await page.getByLabel('New passphrase').fill(passphrase)
  await page.getByTestId('use-key').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'), { timeout: 30_000 })
  await putInCart(page, 'Espresso cup')
  await toCheckout(page)
  await fillDelivery(page, 'European Union', PRIVATE)
  await expect(page.getByTestId('place-order')).toBeEnabled()
  // Half-way as well: what was typed outlives a reload, and rests as ciphertext.
  const halfWay = await keptText(page)
  await page.reload()
  await expect(page.locator('#checkout-name')).toHaveValue(PRIVATE.name)
  await placeOrder(page)
  await invoiceShown(page)
  // The order itself shows what was typed: the marks below are looked for in the right words.
  await expect(page.getByText('Geheimweg').first()).toBeVisible()

  const messages = frames.filter(frame => frame.startsWith('["EVENT"')).map((frame): { readonly kind: number, readonly content: string } => JSON.parse(frame)[1])
  expect(messages.some(({ kind }) => kind === 4 || kind === 1059), 'the order was seen leaving').toBe(true)
  for (const { content } of messages.filter(({ kind }) => kind === 4))
    expect(content).toMatch(/^[\w+/=]+\?iv=[\w+/=]+$/)

  const kept = await keptText(page)
  expect(kept.length).toBeGreaterThan(1_000)
  for (const [where, text] of [['wire', sent.join('\n')], ['device', kept], ['device at checkout', halfWay]] as const) {
    for (const mark of MARKS)
      expect(text.includes(mark), `${mark} on the ${where}`).toBe(false)
    expect(text, `a secret key on the ${where}`).not.toMatch(/nsec1[02-9ac-hj-np-z]{50}/)
    for (const form of [bytesToHex(secret), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('latin1'), [...secret].join(','), passphrase])
      expect(text.includes(form), `the secret key or its passphrase on the ${where}`).toBe(false)
    for (const mark of MARKS)
      expect(text.includes(Buffer.from(mark).toString('base64').replace(/=+$/, '').slice(0, -1)), `${mark} in base64 on the ${where}`).toBe(false)
  }
})

test('T19: nothing is asked of third parties; with pictures off, not even the merchants\' own servers', async ({ arrive }) => {
  const { page, context } = await arrive('#/you')
  await page.getByRole('switch', { name: 'Show pictures of listings' }).click()
  const asked: string[] = []
  context.on('request', request => asked.push(request.url()))
  await page.goto('')
  await page.reload()
  await marketThere(page)
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await expect(page.getByTestId('place-order')).toBeVisible()
  const own = new URL(page.url()).origin
  // A relay that we are connected to is asked what it is (NIP-11): nobody learns by it who did not know.
  const relay = ADDRESSES.relay.replace('ws:', 'http:')
  const elsewhere = asked.filter(url => !url.startsWith(own) && !url.startsWith(relay) && !url.startsWith('data:') && !url.startsWith('blob:'))
  // The sandbox's wallet server is the rate source of this build.
  expect(elsewhere.filter(url => !/\/rate\//.test(url))).toEqual([])
  expect(asked.some(url => url.startsWith(own))).toBe(true)
})
