/**
 * Control characters (line breaks and tabs stay), lone surrogates, and signs that turn the direction of what follows: with
 * them a text can look like another one.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cs}\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu

/** A stranger's text as every screen may show it; cleaned once, where it is read, so that no view can forget to. */
export const withoutUnseen = (text: string): string => text.replace(/\r\n?/g, '\n').replace(UNSEEN, '')
