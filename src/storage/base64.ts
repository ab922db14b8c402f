/** Base64 both ways without a copy per byte pair; `atob` and `btoa` are in browsers, workers and Node alike. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 0x2000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x2000))
  return btoa(text)
}

/** `null` when it is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < binary.length; index++)
      bytes[index] = binary.charCodeAt(index)
    return bytes
  }
  catch (thrown) {
    if (thrown instanceof DOMException)
      return null
    throw thrown
  }
}
