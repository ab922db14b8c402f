import type { Page } from '@playwright/test'
import { startNip46Signer } from '../support/nip46-signer'
import { ADDRESSES } from './support/addresses'
import { expect, test } from './support/people'
import { shopperSees } from './support/sides'
import { enterAs, fillDelivery, go, invoiceShown, marketThere, placeOrder, putInCart, toCheckout } from './support/shopping'

test.beforeEach(() => test.slow())

const shows = (page: Page, title: string) => expect(page.getByRole('region', { name: 'Payment' }).getByTestId('spoken')).toContainText(title, { timeout: 40_000 })

test('a whole sale in Gamma: ordered, invoiced, paid and confirmed by gift wraps alone; an empty device finds it again', async ({ arrive }) => {
  const { page } = await arrive('#/you')
  const sent: { readonly kind: number, readonly tags: readonly (readonly string[])[] }[] = []
  page.on('websocket', socket => socket.on('framesent', ({ payload }) => {
    const text = String(payload)
    if (text.startsWith('["EVENT"'))
      sent.push(JSON.parse(text)[1])
  }))
  await page.goto('')
  await page.reload()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Frame pump')
  await toCheckout(page)
  await fillDelivery(page, 'Europe, tracked', { name: 'Wilma Wrapped', address: 'Wollgasse 3, Wien' })
  await expect(page.getByTestId('place-order')).toContainText('46.00')
  const number = await placeOrder(page)
  await invoiceShown(page)
  await page.getByRole('button', { name: 'Pay with connected wallet' }).click()
  await shows(page, 'Paid')
  await expect(page.getByText('Wollgasse 3').first()).toBeVisible()

  // Wallet requests are ephemeral and encrypted; of the order itself only wraps left the browser.
  const messages = sent.filter(({ kind }) => kind < 20_000 || kind >= 30_000)
  expect(messages.length).toBeGreaterThan(0)
  expect([...new Set(messages.map(({ kind }) => kind))]).toEqual([1059])
  for (const { tags } of messages)
    expect(tags.map(([name]) => name)).toEqual(['p'])

  const { page: emptied } = await arrive()
  await enterAs(emptied, 'shopper')
  await go(emptied, '/orders')
  await emptied.getByTestId('order-row').filter({ hasText: number }).click()
  await expect(emptied.getByText('Frame pump').first()).toBeVisible({ timeout: 30_000 })
  await expect(emptied.getByText('Wollgasse 3').first()).toBeVisible()
})

test('a merchant who sends no invoice: said at the checkout, paid by an own tap to the address of the profile, confirmed by the merchant', async ({ arrive }) => {
  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Merino skein, indigo')
  await toCheckout(page)
  await expect(page.getByTestId('pay-how')).toContainText('sends no invoice', { timeout: 20_000 })
  await fillDelivery(page, 'Europe, by post', { name: 'Paula Prepaid', address: 'Wollgasse 5, Wien' })
  await expect(page.getByTestId('place-order')).toContainText('23,000 sat')
  await placeOrder(page)
  await shopperSees(page, 'prepaid')
  await page.getByRole('button', { name: /Pay now to .* Lightning address/ }).click({ timeout: 40_000 })
  await invoiceShown(page)
  await expect(page.getByTestId('origin').first()).toContainText('did not send this invoice')
  await page.getByRole('button', { name: 'Pay with connected wallet' }).click()
  await shows(page, 'Paid, and proved')
})

test('a remote signer: signed in by its address, the order goes out; when it falls silent all else can be used', async ({ arrive, tolerate }) => {
  tolerate(/signer/)
  const signer = await startNip46Signer({ relayUrl: ADDRESSES.relay, secret: 'abc' })
  try {
    const { page } = await arrive()
    await marketThere(page)
    await go(page, '/sign-in')
    await page.getByTestId('other-ways').click()
    await page.getByTestId('sign-in-remote').click()
    await page.locator('input[name=bunker]').fill(signer.bunker)
    await page.getByTestId('use-bunker').click()
    await page.waitForURL(url => !url.hash.includes('sign-in'), { timeout: 30_000 })
    await putInCart(page, 'Espresso cup')
    await toCheckout(page)
    await fillDelivery(page, 'European Union', { name: 'Remo Remote', address: 'Fernweg 8, Graz' })
    await placeOrder(page)
    await invoiceShown(page)

    const asked = signer.asks('sign_event')
    await page.reload()
    await invoiceShown(page)
    // A page that loads asks for no signature.
    expect(signer.asks('sign_event')).toBe(asked)
    signer.manners.hangs = true
    await go(page, '/')
    await marketThere(page)
    await putInCart(page, 'Linden honey')
  }
  finally {
    await signer.close()
  }
})
