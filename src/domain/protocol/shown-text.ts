import { limits } from '../limits'

/** Control characters, and those that turn the direction of what follows: a name could look like another one. */
const UNSEEN = /[\p{Cc}\p{Cs}\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu
const UNSEEN_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cs}\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu

/** A stranger's one-line text as it may stand on a screen: without what is not seen, and of bounded length. */
export function shownName(text: string, longest: number = limits.nameShown): string {
  const clean = text.replace(UNSEEN, '').replace(/\s+/g, ' ').trim()
  const signs = [...clean]
  return signs.length > longest ? `${signs.slice(0, longest).join('')}…` : clean
}

/** The same for texts of several lines. */
export const shownText = (text: string): string => text.replace(/\r\n?/g, '\n').replace(UNSEEN_IN_LINES, '')
