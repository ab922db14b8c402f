/** One case against the product. */
import { performance } from 'node:perf_hooks'
import { isRecord } from '../../src/domain/protocol/json'
import { differences, type Difference } from './compare'
import { foreignDialect } from './dialect'
import { checkEmitted, emitted, peerAnswer } from './emit'
import type { Case, Fields } from './fixture-set'
import { foldCase } from './folds'
import { brokenInvariants, prototypeNow } from './invariants'
import { receive } from './receive'
import { frameOutcome, keptOf } from './relay-frames'
import { judged, type Outcome, type Verdict } from './verdict'
import type { World } from './world'

export async function judge(one: Case, world: World): Promise<Verdict> {
  const dialect = foreignDialect(one)
  if (dialect !== null)
    return { type: 'not-supported', dialect }
  if (one.expect['outcome'] === 'emit')
    return judged(judgeEmitted(one, world))
  const prototypeBefore = prototypeNow()
  const start = performance.now()
  const outcome = attempt(() => outcomeOf(one, world))
  const milliseconds = performance.now() - start
  const prototypeAfter = prototypeNow()
  const { value: _value, ...rest } = one.expect
  const names: readonly unknown[] = Array.isArray(one.expect['invariants']) ? one.expect['invariants'] : []
  const broken = [...outcome.broken ?? [], ...await brokenInvariants(names, { outcome, milliseconds, prototypeBefore, prototypeAfter })]
  return judged([...compared(one.expect, rest, outcome), ...broken.map(at => ({ at, expected: true, got: false }))])
}

/** `as` and `reason` where the case names them; the value by its fields; the rest as it stands. */
function compared(expect: Fields, { invariants: _invariants, ...rest }: Fields, outcome: Outcome): readonly Difference[] {
  const value = 'value' in expect ? differences(expect['value'], outcome.value, isRecord(expect['value']) ? '' : 'value') : []
  // The format has two ways to say it: `chat`, and `accept` as what `as` names, which is chat.
  const isChat = outcome.outcome === 'chat' && rest['outcome'] === 'accept' && rest['as'] === 'chat'
  return [...differences(isChat ? { ...rest, outcome: 'chat' } : rest, outcome), ...value]
}

function outcomeOf(one: Case, world: World): Outcome {
  const { payload, expect } = one
  if (Array.isArray(payload['messages']))
    return foldCase(one, world)
  if ('frame' in payload)
    return frameOutcome(one, world)
  if (Array.isArray(payload['events']))
    return keptOf(one)
  if (isRecord(payload['event']))
    return receive(one, world)
  if (expect['outcome'] === 'peer')
    return peerAnswer(one, world)
  return { outcome: 'none', reason: 'a payload of no sort that the format names' }
}

/** A decoder that throws is a failed case, not the end of the run. */
function attempt(run: () => Outcome): Outcome {
  try {
    return run()
  }
  catch (error) {
    return { outcome: 'threw', reason: error instanceof Error ? error.message : String(error) }
  }
}

function judgeEmitted(one: Case, world: World): readonly Difference[] {
  const output = emitted(one, world)
  if (output === null)
    return [{ at: '', expected: 'something to send', got: null }]
  return checkEmitted(isRecord(one.expect['check']) ? one.expect['check'] : {}, output)
}
