import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ADDRESSES } from './support/addresses'
import { relay } from './support/control'
import { BROWSER_OWN, expect, test } from './support/people'
import { fillDelivery, go, marketThere, enterAs, placeOrder, putInCart, toCheckout } from './support/shopping'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

test.afterEach(() => relay('start'))

test('it can be installed', async ({ arrive }) => {
  const { page } = await arrive('', { installs: true })
  const href = await page.locator('link[rel=manifest]').getAttribute('href')
  const address = new URL(href ?? '', page.url())
  const manifest = await (await page.request.get(address.href)).json()
  expect(manifest).toMatchObject({ name: 'Souk', display: 'standalone', start_url: './', scope: './' })
  expect(manifest.icons.map((icon: { readonly sizes: string }) => icon.sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']))
  for (const { src } of manifest.icons)
    expect((await page.request.get(new URL(src, address).href)).headers()['content-type']).toBe('image/png')
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL)).toBe(`${ADDRESSES.app}sw.js`)
})

test('opened without a network, it shows the market seen before, the cart and the orders', async ({ arrive, tolerate }) => {
  test.setTimeout(120_000)
  BROWSER_OWN.forEach(tolerate)
  tolerate(/Failed to load resource/)
  const { page, context } = await arrive('', { installs: true })
  await enterAs(page, 'shopper')
  await putInCart(page, 'Flower seeds for bees')
  await toCheckout(page)
  await fillDelivery(page, 'Alps and neighbours', { name: 'Pia Pwa', address: 'Am See 3, Bregenz' })
  const number = await placeOrder(page)
  await expect(page.getByText('Your order has been sent.')).toBeVisible()
  await putInCart(page, 'Salt pig')
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  await go(page, '/')
  await marketThere(page)
  // Copies for the first screen are written a moment after the last news.
  await page.waitForTimeout(3_000)

  await context.setOffline(true)
  await relay('stop')
  await page.reload()
  await marketThere(page)
  await expect(page.getByText('You are offline. This is the market as this device last saw it.')).toBeVisible({ timeout: 30_000 })
  await go(page, '/cart')
  await expect(page.getByTestId('cart-line')).toContainText('Salt pig')
  await go(page, '/orders')
  await expect(page.getByTestId('order-row').filter({ hasText: number })).toBeVisible()
})

test('T18: the built page allows no script but its own, and text of a stranger runs nothing', async ({ arrive, tolerate }) => {
  const page = readFileSync(path.join(dist, 'index.html'), 'utf8')
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
  const script = policy.split(';').map(part => part.trim()).find(part => part.startsWith('script-src')) ?? ''
  expect(script.split(' ').slice(1).sort()).toEqual(['\'self\'', '\'wasm-unsafe-eval\''])
  expect(policy).toContain('default-src \'none\'')
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>[^<]/)
  // The policy holds in the running page: an injected script is refused by the browser itself.
  tolerate(/Content Security Policy/)
  const { page: open } = await arrive('', { installs: true })
  const ran = await open.evaluate(async () => {
    const refused = new Promise<boolean>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective.startsWith('script-src')), { once: true })
      setTimeout(resolve, 3_000, false)
    })
    const script = document.createElement('script')
    script.textContent = 'globalThis.injected = true'
    document.head.append(script)
    return { refused: await refused, ran: 'injected' in globalThis }
  })
  expect(ran).toEqual({ refused: true, ran: false })
})

test('the production build has no personas and nothing of the sandbox', async ({ arrive, tolerate }) => {
  // Its relays are real ones, which tests do not call.
  BROWSER_OWN.forEach(tolerate)
  tolerate(/WebSocket|net::ERR/)
  const code = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(name => /\.(?:js|html)$/.test(name))
  expect(code.length).toBeGreaterThan(10)
  for (const name of code)
    expect(readFileSync(path.join(dist, name), 'utf8').includes('control/personas'), name).toBe(false)
  const { page } = await arrive(`${ADDRESSES.production}#/sign-in`)
  await expect(page.getByTestId('sign-in-new')).toBeVisible()
  await expect(page.getByText(/Try it as a/)).toHaveCount(0)
})
