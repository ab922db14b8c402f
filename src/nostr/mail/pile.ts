import type { Letter } from './open-letter'

/** Letters that wait, newest first, as many as memory has room for. */
export interface Pile {
  /** false: there is no room, it has to come again. */
  add(letter: Letter): boolean
  takeNewest(count: number): readonly Letter[]
  takeAll(): readonly Letter[]
  readonly size: number
}

/** Twice as many bytes: whoever sends us gigabytes fills no page with them (T20). */
const MOST_CHARACTERS = 32 * 1024 * 1024
const MOST_LETTERS = 50_000

export function createPile(mostCharacters = MOST_CHARACTERS): Pile {
  /** The newest is at the end. */
  let letters: Letter[] = []
  let sorted = true
  let characters = 0
  const sizeOf = ({ event }: Letter): number => event.content.length

  return {
    add(letter) {
      if (letters.length >= MOST_LETTERS || (letters.length > 0 && characters + sizeOf(letter) > mostCharacters))
        return false
      letters.push(letter)
      characters += sizeOf(letter)
      sorted = false
      return true
    },
    takeNewest(count) {
      if (!sorted)
        letters.sort((a, b) => a.event.created_at - b.event.created_at)
      sorted = true
      const taken = letters.splice(-count).reverse()
      characters -= taken.reduce((sum, letter) => sum + sizeOf(letter), 0)
      return taken
    },
    takeAll() {
      const taken = letters
      letters = []
      characters = 0
      return taken
    },
    get size() {
      return letters.length
    },
  }
}
