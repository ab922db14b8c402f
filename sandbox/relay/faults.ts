/** What a relay can be told to do wrong, at any time. All off at first. */
export interface RelayFaults {
  /** Takes connections and never answers. */
  hang: boolean
  /** Milliseconds before every frame that goes out. */
  delayMs: number
  /** Stores, but never says OK. */
  dropOk: boolean
  /** Changes the content of every event that goes out: a liar. */
  forge: boolean
  /** So many frames of rubbish before the answer to each question: half are no frames, half are events that nobody signed. */
  flood: number
}

export const noRelayFaults = (): RelayFaults => ({ hang: false, delayMs: 0, dropOk: false, forge: false, flood: 0 })

/** Sets the named ones (`{ reset: true }` clears all first); a name that is none, or a value of another sort, is refused by name. */
export function setRelayFaults(faults: RelayFaults, body: Readonly<Record<string, unknown>>): string | null {
  const fresh = noRelayFaults()
  const { reset = false, ...wanted } = body
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(fresh, name) || typeof value !== typeof fresh[name as keyof RelayFaults])
      return name
  }
  Object.assign(faults, reset === true ? fresh : {}, wanted)
  return null
}

const SHAPES: readonly ((name: string, at: number) => string)[] = [
  () => 'not json',
  () => '{"EVENT":true}',
  (name, at) => JSON.stringify(['EVENT', name, { id: at.toString(16).padStart(64, '0'), pubkey: 'f'.repeat(64), kind: 30018, created_at: at, tags: [['d', `${at}`]], content: '{"name":"rubbish"}', sig: '0'.repeat(128) }]),
  (name, at) => JSON.stringify(['EVENT', name, { id: at, kind: '4', tags: 'none', content: null }]),
]

/** The frames of `flood`. */
export function* rubbish(name: string, count: number): IterableIterator<string> {
  for (let at = 0; at < count; at += 1)
    yield SHAPES[at % SHAPES.length]?.(name, at) ?? ''
}
