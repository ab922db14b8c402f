import type { InjectionKey, Ref } from 'vue'

/** Whether pictures of listings are loaded at all (settings). Provided by the app; without it they are. */
export const imagesShown: InjectionKey<Readonly<Ref<boolean>>> = Symbol('images shown')

/** Pictures come over http(s) only: anything else in a listing is no picture (T18). */
export function pictureUrl(src: string): string | null {
  if (src.length > 2_000 || !/^https?:\/\//i.test(src))
    return null
  return URL.canParse(src) ? new URL(src).href : null
}

/** A warm tone of its own for each name, so that goods without a picture can be told apart. 0…359. */
export function hueOf(name: string): number {
  let sum = 7
  for (const letter of name.slice(0, 40))
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 3_600
  return sum % 360
}
