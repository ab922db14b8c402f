import { relay } from './support/control'
import { BROWSER_OWN, expect, test } from './support/people'
import { shopperSees } from './support/sides'
import { deskRows, enterAs, fillDelivery, go, invoiceShown, placeOrder, putInCart, toCheckout } from './support/shopping'

test.afterEach(() => relay('start'))

test('the relay stops during checkout and comes back: the order goes out by itself, once', async ({ arrive, tolerate }) => {
  test.setTimeout(120_000)
  BROWSER_OWN.forEach(tolerate)
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page } = await arrive()
  await enterAs(page, 'shopper')
  await putInCart(page, 'Linden honey')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Olga Outage', address: 'Am Damm 1, Bregenz' })
  await relay('stop')
  const number = await placeOrder(page)
  await shopperSees(page, 'not-sent', 'Not sent yet')
  await relay('start')
  await invoiceShown(page)
  await expect(page.getByText('Not sent yet').filter({ visible: true })).toHaveCount(0)
  await expect(deskRows(merchant, number)).toHaveCount(1, { timeout: 40_000 })
})

test('an order placed offline waits, says so, and goes out by itself', async ({ arrive, tolerate }) => {
  test.setTimeout(120_000)
  BROWSER_OWN.forEach(tolerate)
  const { page: merchant } = await arrive()
  await enterAs(merchant, 'merchant')
  await go(merchant, '/desk/orders')
  const { page, context } = await arrive('', { phone: true, installs: true })
  await enterAs(page, 'shopper')
  await putInCart(page, 'Honey vinegar')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Otto Offline', address: 'Im Funkloch 2, Bregenz' })
  // What a later screen needs is on the device once the service worker is ready.
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  // Loopback sockets outlive Chromium's offline switch, so the relay goes away as well.
  await context.setOffline(true)
  await relay('stop')
  await expect(page.getByTestId('offline')).toContainText('You are offline. You can place the order now')
  const number = await placeOrder(page)
  await expect(page.getByText('Not sent yet').first()).toBeVisible()
  await go(page, '/orders')
  await expect(page.getByTestId('order-row').filter({ hasText: 'Not sent yet' })).toHaveCount(1)
  await relay('start')
  await context.setOffline(false)
  await expect(page.getByTestId('order-row').filter({ hasText: 'Not sent yet' })).toHaveCount(0, { timeout: 40_000 })
  await expect(deskRows(merchant, number)).toHaveCount(1, { timeout: 40_000 })
})
