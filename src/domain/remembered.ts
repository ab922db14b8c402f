/** Remembers what a text read as; the oldest goes when it is full. Reading is pure, so nobody can tell. */
export function remembered<T>(capacity: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>()
  return (text) => {
    const kept = known.get(text)
    if (kept !== undefined)
      return kept.value
    const value = read(text)
    const [oldest] = known.keys()
    if (known.size >= capacity && oldest !== undefined)
      known.delete(oldest)
    known.set(text, { value })
    return value
  }
}
