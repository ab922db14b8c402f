/** Which of the words a person is asked to repeat: three, spread over the list, in order. Chance is handed in. */
export function wordsToConfirm(count: number, random: () => number): readonly number[] {
  const third = Math.floor(count / 3)
  return [0, 1, 2].map(part => part * third + Math.floor(random() * third))
}

/** Compares as people type: case and spaces around do not matter. The first that differs, or null when all agree. */
export function firstWrongWord(words: readonly string[], asked: readonly number[], typed: readonly string[]): number | null {
  const wrong = asked.findIndex((position, index) => (typed[index] ?? '').trim().toLowerCase() !== words[position])
  return wrong === -1 ? null : asked[wrong] ?? null
}
