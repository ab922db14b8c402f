/** What can be expected to fail is a value, not a throw. */
export type Result<T, E> = Ok<T> | Err<E>
export interface Ok<T> { readonly ok: true, readonly value: T }
export interface Err<E> { readonly ok: false, readonly error: E }

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E>(error: E): Err<E> => ({ ok: false, error })

/** Ends every `switch` over a union: the type checker names a case that was forgotten. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected: ${JSON.stringify(value)}`)
}
