/** The host of a page to pay on, as a browser will go there; null: not https, or made to look like another. */
export function linkHost(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.host !== '' ? url.host : null
}
