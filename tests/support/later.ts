/** A promise whose end the test decides. */
export interface Later<T> { readonly promise: Promise<T>, readonly resolve: (value: T) => void, readonly reject: (reason: Error) => void }

export function later<T>(): Later<T> {
  let resolve: Later<T>['resolve'] = () => undefined
  let reject: Later<T>['reject'] = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
