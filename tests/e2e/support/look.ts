import type { Page } from '@playwright/test'
import { AxeBuilder } from '@axe-core/playwright'

/** One size and one colour scheme in which a screen is looked at. */
export interface View { readonly width: number, readonly height: number, readonly scheme: 'light' | 'dark' }

/** A wide table, a menu row and the like may scroll inside themselves; the page never does. */
function sideways(): readonly string[] {
  const room = globalThis.innerWidth
  const wide = document.documentElement.scrollWidth
  if (wide <= room)
    return []
  const sticksOut = (element: Element): boolean => element.getBoundingClientRect().right + globalThis.scrollX > room + 0.5
  const clips = (element: Element): boolean => getComputedStyle(element).overflowX !== 'visible'
  const kept = (element: Element): boolean => element.parentElement !== null && element.parentElement !== document.body && (clips(element.parentElement) || kept(element.parentElement))
  const named = (element: Element): string => {
    const { id, classList, tagName } = element
    const test = element.getAttribute('data-test')
    return tagName.toLowerCase() + (id === '' ? '' : `#${id}`) + [...classList].map(name => `.${name}`).join('') + (test === null ? '' : `[data-test=${test}]`)
  }
  const guilty = [...document.body.querySelectorAll('*')].filter(element => sticksOut(element) && !kept(element))
  const inmost = guilty.filter(element => !guilty.some(other => other !== element && element.contains(other)))
  return [`${wide} px wide: ${inmost.slice(0, 4).map(element => `${element.parentElement === null ? '' : `${named(element.parentElement)} > `}${named(element)}`).join(', ') || 'no element, so a pseudo-element or a margin'}`]
}

/** Opens the folds, or closes those that it opened: what is inside is looked at as well. */
const unfold = (page: Page, open: boolean): Promise<void> => page.evaluate((yes) => {
  for (const fold of document.querySelectorAll(yes ? 'details:not([open])' : 'details[data-looked]')) {
    fold.toggleAttribute('open', yes)
    fold.toggleAttribute('data-looked', yes)
  }
}, open)

/** Strangers' words (PlainText) each end in a word without an end: no name or text of theirs may push the page wide. */
const prolong = (page: Page, on: boolean): Promise<void> => page.evaluate((yes) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`bdi::after { content: '${'Donaudampfschifffahrt'.repeat(6)}' }`)
  document.adoptedStyleSheets = yes ? [sheet] : []
}, on)

async function settle(page: Page, { width, height, scheme }: View): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme: scheme })
  // A window that is another now may draw other parts, with folds of their own.
  await page.evaluate(() => new Promise<void>(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))))
  await unfold(page, true)
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** What axe has against the screen: a line per rule, with the elements it names. */
async function barriers(page: Page): Promise<readonly string[]> {
  // WCAG 2.5.3, which axe still calls experimental and so leaves out of its tags.
  const rules = { 'label-content-name-mismatch': { enabled: true } }
  // Legacy mode: no second page is opened to gather what frames say, because there are none.
  const { passes, violations } = await new AxeBuilder({ page }).options({ runOnly: { type: 'tag', values: TAGS }, rules }).setLegacyMode(true).analyze()
  if (passes.length === 0)
    throw new Error('axe has looked at nothing')
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 4).map(({ target, any }) => `${target.join(' ')}${any[0] === undefined ? '' : ` [${any[0].message}]`}`).join(' | ')}${nodes.length > 4 ? ` and ${nodes.length - 4} more` : ''}`)
}

/** Everything that is wrong with the screen: for axe in the views given, for the page's width in the narrow one. */
export async function faultsOf(page: Page, views: readonly View[], narrow: View): Promise<readonly string[]> {
  const found: string[] = []
  for (const view of views) {
    await settle(page, view)
    found.push(...(await barriers(page)).map(line => `${view.width} px ${view.scheme}: ${line}`))
  }
  await settle(page, narrow)
  await prolong(page, true)
  found.push(...(await page.evaluate(sideways)).map(line => `${narrow.width} px: ${line}`))
  await prolong(page, false)
  await unfold(page, false)
  return found
}
