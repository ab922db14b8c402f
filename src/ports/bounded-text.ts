/**
 * The text of an answer, read no further than `most` bytes: whoever sends more sends it in vain. '' where it has no body.
 * @returns null = it was longer
 */
export async function boundedText(response: Response, most: number): Promise<string | null> {
  const reader = response.body?.getReader()
  if (!reader)
    return ''
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read()
    if (done)
      return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > most) {
      await reader.cancel()
      return null
    }
    text += decoder.decode(value, { stream: true })
  }
}
