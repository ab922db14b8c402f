import type { Page } from '@playwright/test'
import { chromium, selectors } from '@playwright/test'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import globalSetup from '../e2e/support/global-setup'
import { ADDRESSES } from '../e2e/support/addresses'
import { chromiumOptions } from '../support/chromium'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const
const SCHEMES = ['light', 'dark'] as const

/** Every screen at two sizes, light and dark, into `screens/` (git-ignored), with a real sale going on. */
export async function main(): Promise<number> {
  const folder = path.join(root, 'screens')
  mkdirSync(folder, { recursive: true })
  selectors.setTestIdAttribute('data-test')
  const stop = await globalSetup()
  const browser = await chromium.launch(chromiumOptions())
  try {
    const open = async (size: keyof typeof SIZES): Promise<Page> => {
      const context = await browser.newContext({ baseURL: ADDRESSES.app, viewport: SIZES[size], reducedMotion: 'reduce', locale: 'en-GB' })
      const page = await context.newPage()
      await page.goto('')
      await page.getByText('Alpine wildflower honey').first().waitFor()
      return page
    }
    const take = async (page: Page, size: keyof typeof SIZES, name: string): Promise<void> => {
      await page.waitForTimeout(1_200)
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(200)
        await page.screenshot({ path: path.join(folder, `${name}-${size}-${colorScheme}.png`) })
      }
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      console.log(`${name} ${size}`)
    }
    const go = (page: Page, route: string) => page.goto(`#${route}`)

    const merchant = await open('desktop')
    await go(merchant, '/sign-in')
    await take(merchant, 'desktop', 'sign-in')
    await merchant.getByText('Try it as a merchant').click()
    await merchant.waitForURL(/desk/)

    for (const size of ['phone', 'desktop'] as const) {
      const page = await open(size)
      await page.getByText('Alpine wildflower honey').first().waitFor()
      await take(page, size, 'market')
      await go(page, '/orders')
      await take(page, size, 'orders-empty')
      await go(page, '/sign-in')
      await take(page, size, 'sign-in')
      await page.getByText('Try it as a shopper').click()
      await page.waitForURL(url => !url.hash.includes('sign-in'))
      await go(page, '/')
      await page.getByText('Chestnut honey').first().click()
      await page.getByRole('button', { name: 'Add to cart' }).waitFor()
      await take(page, size, 'product')
      await page.getByRole('button', { name: 'Add to cart' }).click()
      await page.getByRole('link', { name: 'Bramble & Bee' }).first().click()
      await take(page, size, 'stall')
      await go(page, '/cart')
      await take(page, size, 'cart')
      await page.getByRole('link', { name: /check ?out/i }).or(page.getByRole('button', { name: /check ?out/i })).first().click()
      await page.selectOption('#checkout-country', 'Austria')
      await page.getByText('Alps and neighbours').click()
      await page.fill('#checkout-name', 'Ida Berg')
      await page.fill('#checkout-address', 'Seestrasse 4\n6900 Bregenz')
      await take(page, size, 'checkout')
      await page.getByRole('button', { name: /^Place order/ }).click()
      await page.getByRole('button', { name: /copy invoice/i }).waitFor({ timeout: 30_000 })
      await take(page, size, 'payment')
      await page.getByRole('button', { name: /pay with/i }).first().click()
      await page.getByRole('heading', { name: 'Paid, and proved' }).waitFor({ timeout: 30_000 })
      await take(page, size, 'order-paid')
      await go(page, '/orders')
      await take(page, size, 'orders')
      await go(page, '/messages')
      await take(page, size, 'messages')
      await go(page, '/restore')
      await take(page, size, 'restore')
      await go(page, '/?q=Leather%20saddle')
      await page.getByRole('link', { name: 'Leather saddle' }).first().click()
      await page.getByTestId('choice-group').first().waitFor()
      await page.getByTestId('choice').first().click()
      await take(page, size, 'product-choice')
      await go(page, '/you')
      await take(page, size, 'settings')
      await page.getByTestId('relay-lists').scrollIntoViewIfNeeded()
      await take(page, size, 'settings-relays')
      await go(page, '/nowhere')
      await take(page, size, 'not-found')
      await page.context().close()
    }

    for (const size of ['desktop', 'phone'] as const) {
      await merchant.setViewportSize(SIZES[size])
      await go(merchant, '/desk/orders')
      await take(merchant, size, 'desk-orders')
      await merchant.locator('main').getByText(/ORD-2026-/).locator('visible=true').first().click()
      await take(merchant, size, 'desk-order')
      await merchant.getByRole('button', { name: /^Ship/ }).first().click()
      await take(merchant, size, 'desk-ship')
      await merchant.keyboard.press('Escape')
      await go(merchant, '/desk/messages')
      await take(merchant, size, 'desk-messages')
      await go(merchant, '/desk/books')
      await take(merchant, size, 'desk-books')
      await go(merchant, '/desk/settings')
      await take(merchant, size, 'desk-settings')
    }
    return 0
  }
  finally {
    await browser.close()
    await stop()
  }
}
