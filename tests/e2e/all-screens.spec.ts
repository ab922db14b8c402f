import type { Locator, Page } from '@playwright/test'
import { faults } from './support/control'
import { faultsOf, type View } from './support/look'
import { expect, test } from './support/people'
import { deskRows, enterAs, fillDelivery, go, invoiceShown, marketThere, openProduct, placeOrder, putInCart } from './support/shopping'

const PHONE = { width: 390, height: 844 } as const
const DESKTOP = { width: 1280, height: 800 } as const
const USUAL: readonly View[] = [{ ...PHONE, scheme: 'light' }, { ...DESKTOP, scheme: 'dark' }]
const EVERY: readonly View[] = [...USUAL, { ...PHONE, scheme: 'dark' }, { ...DESKTOP, scheme: 'light' }]
/** The narrowest screen that is served: also what 1280 px are at 400 % (WCAG 1.4.10). */
const NARROW: View = { width: 320, height: 640, scheme: 'light' }

/** Neither the longest name in the market nor a person's own may push a screen out of its frame. */
const LONG_NAME = 'Tasting set of six very small cups'
const RECIPIENT = { name: 'Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft', address: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengasse 4\n6900 Bregenz', email: 'wolfeschlegelsteinhausenbergerdorff@donaudampfschifffahrt.example', message: `Bitte ${'sehr'.repeat(30)} vorsichtig` }

/** `there` is what shows that the screen has its content: an empty one would have no faults. */
const looker = (found: string[]) => (name: string, page: Page, there: Locator, views: readonly View[] = USUAL): Promise<void> => test.step(name, async () => {
  await expect(there.filter({ visible: true }).first()).toBeVisible({ timeout: 30_000 })
  found.push(...(await faultsOf(page, views, NARROW)).map(line => `${name}, ${line}`))
  await page.setViewportSize(DESKTOP)
})
const titled = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name })

// A copy of the page at every step would take longer than the looking.
test.use({ trace: 'off' })
test.afterEach(() => faults({ reset: true }))

test('every screen, light and dark, can be used by everybody and fits a narrow phone', async ({ arrive }) => {
  test.setTimeout(200_000)
  const found: string[] = []

  const look = looker(found)

  const { page } = await arrive()
  await marketThere(page)
  await look('market', page, page.getByTestId('product-card'), EVERY)
  await go(page, `/?q=${RECIPIENT.name}`)
  await look('market, nothing found', page, page.getByTestId('no-matches'))
  await go(page, '/nowhere')
  await look('not found', page, titled(page, 'There is nothing at this address'))

  await test.step('the look itself sees what is wrong', async () => {
    await page.evaluate(() => document.querySelector('main')?.insertAdjacentHTML('beforeend', '<button id="wrong" style="width: 400px"></button>'))
    const seen = await faultsOf(page, USUAL.slice(0, 1), NARROW)
    expect(seen).toEqual([expect.stringMatching(/^390 px light: button-name .*#wrong/), expect.stringMatching(/^320 px: 4\d\d px wide: .*button#wrong/)])
    await page.evaluate(() => document.querySelector('#wrong')?.remove())
  })

  await go(page, '/sign-in')
  await look('sign-in', page, page.getByTestId('persona-shopper'))
  await page.getByTestId('other-ways').click()
  await look('sign-in, other ways', page, page.getByTestId('sign-in-new'))
  await go(page, '/')
  await enterAs(page, 'shopper')

  await openProduct(page, LONG_NAME)
  await look('product', page, page.getByTestId('add-to-cart'))
  await page.getByTestId('add-to-cart').click()
  await putInCart(page, 'Linden honey')
  await page.getByRole('link', { name: 'Bramble & Bee' }).first().click()
  await look('stall', page, titled(page, 'Bramble & Bee'))
  await openProduct(page, 'Leather saddle')
  await look('product, to choose from', page, page.getByTestId('choice-group'), EVERY)
  await go(page, '/cart')
  await look('cart', page, page.getByTestId('cart-line').filter({ hasText: LONG_NAME }))

  await page.getByRole('region', { name: 'Bramble & Bee' }).getByTestId('checkout').click()
  await page.waitForURL(/#\/checkout\//)
  await page.getByTestId('place-order').click()
  await look('checkout, refused', page, page.locator('[aria-invalid=true]'))
  await fillDelivery(page, 'Alps and neighbours', RECIPIENT)
  await look('checkout', page, page.getByTestId('place-order'), EVERY)
  const number = await placeOrder(page)
  await look('order, waiting for its invoice', page, page.getByRole('heading', { name: 'Waiting for the merchant\'s invoice' }))

  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  await invoiceShown(page)
  await look('order, payable', page, page.getByRole('button', { name: /copy invoice/i }), EVERY)
  await go(page, '/orders')
  await look('orders', page, page.getByTestId('order-row').filter({ hasText: number }))
  await go(page, '/messages')
  await look('messages', page, titled(page, 'Messages'))
  await go(page, '/restore')
  await look('restore', page, page.getByTestId('restore-look'))
  await go(page, '/you')
  await look('settings', page, titled(page, 'You'))

  const customers = merchant.getByTestId('customer')
  await customers.selectOption(await customers.locator('option', { hasText: RECIPIENT.name.slice(0, 30) }).getAttribute('value'))
  await look('desk orders, of one customer', merchant, deskRows(merchant, number))
  await deskRows(merchant, number).click()
  await look('desk order', merchant, titled(merchant, new RegExp(number)), EVERY)
  await merchant.getByTestId('open-ship').click()
  await look('desk order, shipping sheet', merchant, merchant.getByRole('dialog'))
  await merchant.keyboard.press('Escape')
  await go(merchant, '/desk/messages')
  await look('desk messages', merchant, titled(merchant, 'Messages'))
  await go(merchant, '/desk/settings')
  await look('desk settings', merchant, titled(merchant, 'Desk settings'))

  expect(found.join('\n'), 'what is wrong, by screen').toBe('')
})

test('every screen of money: asked in another way, sent back, wallets of both kinds', async ({ arrive }) => {
  test.setTimeout(200_000)
  const found: string[] = []
  const look = looker(found)
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/settings')
  await merchant.getByTestId('add-wallet').click()
  await merchant.getByTestId('kind-lightning-address').check()
  await look('desk settings, another wallet', merchant, merchant.locator('input[name=pay-address]'), EVERY)
  await go(merchant, '/desk/orders')

  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Linden honey')
  await page.goto('#/cart')
  await page.getByTestId('checkout').first().click()
  await page.waitForURL(/#\/checkout\//)
  await fillDelivery(page, 'Alps and neighbours', RECIPIENT)
  const number = await placeOrder(page)
  await invoiceShown(page)
  await deskRows(merchant, number).click()
  await merchant.getByTestId('ask-by-hand').click()
  await merchant.locator('textarea[name=by-hand]').fill('https://pay.example/honey?of=the-longest-name-that-anybody-ever-gave-to-a-jar-of-honey\nbcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080\namina@wool.example\nPlease name the order number.')
  await look('desk order, asked in another way', merchant, merchant.getByTestId('hand-read'))
  await merchant.getByTestId('hand-send').click()
  await look('order, other ways to pay', page, page.getByTestId('other-ways'), EVERY)
  await look('desk order, only the merchant knows', merchant, merchant.getByTestId('only-you'))
  await merchant.getByTestId('make-invoice').click()
  await look('desk order, the former invoice can still be paid', merchant, merchant.getByTestId('former-confirm'))
  await merchant.getByTestId('former-confirm').click()
  await invoiceShown(page)
  await page.getByRole('button', { name: 'Pay with connected wallet' }).click()
  await expect(merchant.getByTestId('desk-payment')).toHaveAttribute('data-payment', 'proved', { timeout: 30_000 })
  await look('order, paid', page, page.getByTestId('proofs'))

  await merchant.getByTestId('cancel-order').click()
  await look('desk order, cancelled after it was paid', merchant, merchant.getByTestId('money-all'))
  await merchant.getByTestId('cancel-reason').fill('All jars broke on the way to the post office')
  await merchant.getByTestId('money-all').check()
  await merchant.getByTestId('cancel-confirm').click()
  await look('order, money back', page, page.getByTestId('refund-answer'), EVERY)
  await page.getByTestId('refund-to').fill('mara@wallet.example')
  await page.getByTestId('refund-give').click()
  await expect(merchant.getByTestId('refund-pay')).toBeVisible({ timeout: 30_000 })
  await merchant.getByTestId('refund-wallet').locator('summary').click()
  await look('desk order, money to send back', merchant, merchant.getByTestId('refund-pay'), EVERY)
  expect(found.join('\n'), 'what is wrong, by screen').toBe('')
})
