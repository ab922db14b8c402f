import type { BrowserContext, Page } from '@playwright/test'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import type { EventTemplate } from 'nostr-tools/core'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { ADDRESSES } from './support/addresses'
import { expect, test } from './support/people'
import { enterAs, fillDelivery, go, invoiceShown, marketThere, placeOrder, putInCart, toCheckout } from './support/shopping'

/** A signer as browser extensions have it: the key stays outside the page. Answers with how often it signed. */
async function installSigner(context: BrowserContext): Promise<{ readonly pubkey: string, readonly signed: () => number }> {
  const secret = generateSecretKey()
  let signed = 0
  await context.exposeFunction('signerPubkey', () => getPublicKey(secret))
  await context.exposeFunction('signerSign', (event: EventTemplate) => {
    signed += 1
    return finalizeEvent(event, secret)
  })
  await context.exposeFunction('signerEncrypt', (other: string, text: string) => encrypt(secret, other, text))
  await context.exposeFunction('signerDecrypt', (other: string, text: string) => decrypt(secret, other, text))
  await context.addInitScript(`window.nostr = {
    getPublicKey: () => window.signerPubkey(),
    signEvent: event => window.signerSign(event),
    nip04: { encrypt: (other, text) => window.signerEncrypt(other, text), decrypt: (other, text) => window.signerDecrypt(other, text) },
  }`)
  return { pubkey: getPublicKey(secret), signed: () => signed }
}

async function otherWays(page: Page): Promise<void> {
  await marketThere(page)
  await go(page, '/sign-in')
  await page.getByTestId('other-ways').click()
}

test('sign in with a browser extension and order', async ({ arrive }) => {
  test.setTimeout(90_000)
  const { page, context } = await arrive()
  const signer = await installSigner(context)
  await page.reload()
  await otherWays(page)
  await page.getByTestId('sign-in-extension').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))
  await putInCart(page, 'Breakfast mug')
  await toCheckout(page)
  await expect(page.getByText(/^Signed in as/)).toBeVisible()
  await fillDelivery(page, 'European Union', { name: 'Nora Signer', address: 'Schlüsselgasse 7, Wien' })
  await placeOrder(page)
  await invoiceShown(page)
  expect(signer.signed()).toBeGreaterThan(0)
  await go(page, '/you')
  await expect(page.getByText('Signed in with your extension')).toBeVisible()
})

test('a new key with a backup; locked; a wrong passphrase is refused, the right one opens', async ({ arrive }) => {
  test.setTimeout(90_000)
  const { page } = await arrive()
  await otherWays(page)
  await page.getByTestId('sign-in-new').click()
  await page.getByLabel('New passphrase').fill('four plain garden words')
  await page.getByLabel(/Name for this account/).fill('Nina New')
  await page.getByTestId('make-account').click()
  await expect(page.getByRole('heading', { name: 'Keep your key safe' })).toBeVisible({ timeout: 30_000 })
  const download = page.waitForEvent('download', { timeout: 30_000 })
  await page.getByTestId('save-file').click()
  const file = await (await download).createReadStream()
  const text = (await file.toArray()).join('')
  expect(text).toMatch(/ncryptsec1[a-z0-9]+/)
  expect(text).not.toMatch(/nsec1[a-z0-9]{20}/)
  await page.getByTestId('file-done').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'))

  await go(page, '/you')
  await expect(page.getByText('No copy of your key yet')).toHaveCount(0)
  await page.getByRole('button', { name: 'Lock now' }).click()
  await expect(page.getByText('Your account is locked')).toBeVisible()
  await go(page, '/sign-in')
  await page.getByLabel('Passphrase').fill('not this one')
  await page.getByTestId('unlock').click()
  await expect(page.getByText('The passphrase does not fit. Try again.')).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Passphrase').fill('four plain garden words')
  await page.getByTestId('unlock').click()
  await page.waitForURL(url => !url.hash.includes('sign-in'), { timeout: 30_000 })
  await go(page, '/you')
  await expect(page.getByText('Nina New')).toBeVisible()
})

test('a relay that hides private messages until it knows who asks: typed in by hand it is told, and that can be taken back', async ({ arrive }) => {
  const { page } = await arrive()
  await enterAs(page, 'merchant')
  await go(page, '/you')
  await page.getByLabel('Relay address').fill(ADDRESSES.authRelay)
  await page.getByRole('button', { name: 'Add relay' }).click()
  const row = page.locator(`[data-relay^="${ADDRESSES.authRelay}"]`)
  await expect(row).toContainText('Knows who you are', { timeout: 20_000 })
  await expect(row.getByRole('button', { name: 'No longer tell it' })).toBeVisible()
})

test('T23: a relay that nobody chose is not told who reads; the orders page says so, and offers it', async ({ arrive }) => {
  const { page } = await arrive()
  await page.evaluate(([relay, hiding]) => localStorage.setItem('souk:settings', JSON.stringify({
    v: 1, at: 1, data: { relays: [relay, hiding], auth: [], currency: 'EUR', theme: 'auto', images: true, lockAfterMinutes: 15, autoInvoice: false },
  })), [`${ADDRESSES.relay}/`, `${ADDRESSES.authRelay}/`] as const)
  await page.reload()
  await enterAs(page, 'merchant')
  await go(page, '/desk/orders')
  const note = page.getByTestId('mute-relays')
  await expect(note).toContainText('A relay may be holding messages back', { timeout: 20_000 })
  await expect(note).toContainText(ADDRESSES.authRelay)
  await note.getByTestId('allow-auth').click()
  await expect(note).toHaveCount(0)
  await go(page, '/you')
  await expect(page.locator(`[data-relay^="${ADDRESSES.authRelay}"]`)).toContainText('Knows who you are', { timeout: 20_000 })
})

test('an address that is no relay gets a plain sentence', async ({ arrive }) => {
  const { page } = await arrive('#/you')
  await page.getByLabel('Relay address').fill('not-a-relay')
  await page.getByRole('button', { name: 'Add relay' }).click()
  await expect(page.getByRole('alert')).toHaveText('This is no relay address. One looks like wss://relay.example.com')
  await expect(page.getByLabel('Relay address')).toHaveValue('not-a-relay')
})
