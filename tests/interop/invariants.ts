/** What must hold around a case, by the format's sentences. */
import { h, createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { isRecord } from '../../src/domain/protocol/json'
import type { Outcome } from './verdict'

export interface Observed { readonly outcome: Outcome, readonly milliseconds: number, readonly prototypeBefore: string, readonly prototypeAfter: string }

export const prototypeNow = (): string => Object.getOwnPropertyNames(Object.prototype).sort().join()

/** As every view of the app shows a stranger's text: through interpolation (lint forbids the other ways). */
async function rendered(outcome: Outcome): Promise<string> {
  const name = isRecord(outcome.value) ? outcome.value['name'] : ''
  return renderToString(createSSRApp({ render: () => h('p', typeof name === 'string' ? name : '') }))
}

const UNSEEN = /[\p{Cc}\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]/u

const CHECKS: Readonly<Record<string, (observed: Observed) => boolean | Promise<boolean>>> = {
  'Object.prototype is unchanged': ({ prototypeBefore, prototypeAfter }) => prototypeBefore === prototypeAfter,
  'the order has no own or inherited paid': ({ outcome }) => isRecord(outcome['message']) && !('paid' in outcome['message']) && !('saidPaid' in outcome['message']),
  'rendered as text': async ({ outcome }) => /^<p>[^<>]*<\/p>$/.test(await rendered(outcome)),
  'no element made from it': async ({ outcome }) => ((await rendered(outcome)).match(/<(?!\/)/g) ?? []).length === 1,
  'direction overrides and control characters are not rendered': async ({ outcome }) => !UNSEEN.test(await rendered(outcome)),
  // An exception is a failure of any case.
  'no exception': () => true,
}

/** Sentences that do not hold; one that nobody can check is named too, rather than passed. */
export async function brokenInvariants(names: readonly unknown[], observed: Observed): Promise<readonly string[]> {
  const answers = await Promise.all(names.map(async (name): Promise<string[]> => {
    if (typeof name !== 'string')
      return ['an invariant that is no text']
    const limit = /^under (\d+) ms$/.exec(name)?.[1]
    if (limit !== undefined)
      return observed.milliseconds < Number(limit) ? [] : [`${name}: took ${observed.milliseconds.toFixed(1)} ms`]
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined
    if (check === undefined)
      return [`${name}: nothing here can check that`]
    return await check(observed) ? [] : [name]
  }))
  return answers.flat()
}
