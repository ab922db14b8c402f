/** How long the page may be held before it gets a turn (long tasks begin at 50 ms). */
const SLICE_MS = 8
const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0) })

/** A function to await between small pieces of work: it gives the page a turn once a slice of time is used up. */
export function turns(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < SLICE_MS)
      return
    await turn()
    began = performance.now()
  }
}
