import { readEvent } from '../../domain/protocol/event-shape'
import { classifyAnswer } from '../../domain/protocol/relay-frame'
import { assertNever } from '../../domain/result'
import { backoffMs } from '../backoff'
import { openAuth } from './relay-auth'
import type { Misconduct } from './relay-conduct'
import { watchConduct } from './relay-conduct'
import type { Intake } from './relay-intake'
import { openIntake } from './relay-intake'
import { isUp, openLine } from './relay-line'
import type { LinkParts, RelayLink } from './relay-link-shape'
import { learnManner } from './relay-manner'
import { fallenSilent, keepAlive } from './relay-pulse'
import { openPublisher } from './relay-publisher'
import { openReconciler } from './relay-reconcile'
import { restAfterUse } from './relay-rest'
import type { RelayRequest } from './relay-request'
import { isPrivate, matches } from './relay-request'
import { readData } from './relay-data'

/** Asked until ended. `sent`: the relay has it; `stored`: whoever asked was told how its stored events ended. */
interface Open { readonly id: string, readonly request: RelayRequest, readonly intake: Intake, sent: boolean, stored: boolean, repeats: number, heard: number, quiet: AbortController }

/** How long a challenge may take that is on its way with the opening of the connection. */
const CHALLENGE_MS = 120
/** How long a signature may keep a private question waiting; afterwards it is asked as it is, and again once we are known. */
const SIGNATURE_MS = 3_000
const REPEATS = 4
const NOTICES = 20
const NOTICE_CHARACTERS = 300

export function openLink({ url, clock, gate, openSocket, fetchInfo, onChange }: LinkParts): RelayLink {
  const open = new Map<string, Open>()
  const conduct = watchConduct(clock)
  let lastId = 0
  let received = 0
  let refused = 0
  let notices: readonly string[] = []
  /** No place for them now: the relay takes only so many questions at a time. */
  const queued = new Set<Open>()

  const line = openLine(url, clock, openSocket, { onUp, onData, onDown, onState: onChange })
  const send = (frame: readonly unknown[]): boolean => line.send(JSON.stringify(frame))
  const auth = openAuth(url, clock, send, onChange)
  const manner = learnManner(url, fetchInfo, onChange)
  const publisher = openPublisher({ url, clock, send, auth, line, manner })
  const reconciler = openReconciler(clock, send)
  const pulse = keepAlive(clock, send, () => line.drop('no answer any more'))
  const resting = restAfterUse(clock, () => !isIdle(), rest)

  function onUp(): void {
    manner.learn()
    for (const one of open.values())
      void ask(one)
    publisher.up()
    pulse.start()
  }

  function onDown(): void {
    pulse.stop()
    auth.reset()
    publisher.down()
    reconciler.giveUp()
    for (const one of open.values()) {
      one.sent = false
      tellStored(one, false)
    }
  }

  function misconduct(what: Misconduct | null): void {
    if (what !== null && line.state === 'open')
      line.drop(what, conduct.penaltyMs())
  }

  function useless(): void {
    refused++
    misconduct(conduct.useless())
    onChange()
  }

  async function ask(one: Open): Promise<void> {
    if (isPrivate(one.request.filters)) {
      const patience = new AbortController()
      await Promise.race([auth.ensure(CHALLENGE_MS), clock.sleep(SIGNATURE_MS, patience.signal)])
      patience.abort()
    }
    if (open.get(one.id) !== one || line.state !== 'open')
      return
    const frame = ['REQ', one.id, ...manner.clamp(one.request.filters)]
    if (manner.tooLong(JSON.stringify(frame)))
      return giveUp(one, 'too long for this relay')
    one.stored = false
    listen(one)
    if (!one.sent && !manner.room([...open.values()].filter(({ sent }) => sent).length, one.request.onPage === undefined))
      queued.add(one)
    else
      one.sent = send(frame)
  }

  function askQueued(): void {
    const waiting = [...queued]
    queued.clear()
    waiting.forEach(one => void ask(one))
  }

  /** Hanging relays: without a frame in time the answer counts as incomplete. */
  function listen(one: Open): void {
    one.quiet.abort()
    one.quiet = new AbortController()
    void fallenSilent(clock, () => one.heard, one.quiet.signal).then(silent => silent ? tellStored(one, false) : undefined)
  }

  function tellStored(one: Open, complete: boolean): void {
    one.quiet.abort()
    if (one.stored || open.get(one.id) !== one)
      return
    one.stored = true
    void one.intake.drained().then(() => {
      if (open.get(one.id) === one)
        one.request.onStored(complete)
    })
  }

  function onData(data: unknown): void {
    pulse.heard()
    misconduct(conduct.frame())
    const frame = readData(data)
    switch (frame?.type) {
      case undefined:
        return useless()
      case 'event':
        return onEvent(frame.subscription, frame.event)
      case 'eose':
        return pulse.answered(frame.subscription) ? undefined : onEose(frame.subscription, frame.complete)
      case 'closed':
        return pulse.answered(frame.subscription) ? undefined : onClosed(frame.subscription, frame.text)
      case 'ok':
        if (!auth.answered(frame.id, frame.stored, frame.text) && !publisher.answered(frame.id, frame.stored, frame.text))
          useless()
        return
      case 'notice':
        notices = [...notices, frame.text.slice(0, NOTICE_CHARACTERS)].slice(-NOTICES)
        // A relay that knows no such frame says so in its own words.
        reconciler.giveUp()
        return onChange()
      case 'reconcile':
        return reconciler.heard(frame.subscription, frame.message) ? undefined : useless()
      case 'auth':
        return onChallenge(frame.challenge)
      default:
        return assertNever(frame)
    }
  }

  function onEvent(id: string, value: unknown): void {
    const one = open.get(id)
    if (!one)
      // Events on their way when we ended the question are nobody's fault.
      return wasOurs(id) ? undefined : useless()
    const event = readEvent(value)
    if (!event.ok || !matches(one.request.filters, event.value))
      return useless()
    received++
    one.heard++
    one.request.onHeard?.(event.value)
    if (one.request.wants(event.value) && !one.intake.take(event.value))
      misconduct('flooding')
    onChange()
  }

  function onEose(id: string, complete: boolean | null): void {
    const one = open.get(id)
    if (!one)
      return wasOurs(id) ? undefined : useless()
    const hidden = isPrivate(one.request.filters) && auth.asked && auth.state !== 'done'
    one.repeats = 0
    one.request.onPage?.(complete)
    if (hidden)
      one.request.onClosed('auth-needed')
    tellStored(one, complete !== false && !hidden)
  }

  function onClosed(id: string, text: string): void {
    const one = open.get(id)
    if (!one)
      return wasOurs(id) ? undefined : useless()
    one.sent = false
    askQueued()
    const answer = classifyAnswer(false, text)
    if (answer.type === 'authenticate-then-repeat')
      return void auth.ensure(1_000).then(known => known && one.repeats++ === 0 ? ask(one) : giveUp(one, 'auth-needed'))
    const again = answer.type === 'retry-later' && one.repeats < REPEATS && one.request.onPage === undefined
    if (!again)
      return giveUp(one, text)
    tellStored(one, false)
    void clock.sleep(backoffMs(++one.repeats, clock.random())).then(() => line.state === 'open' && !one.sent ? ask(one) : undefined)
  }

  function giveUp(one: Open, reason: string): void {
    one.request.onClosed(reason.slice(0, NOTICE_CHARACTERS))
    tellStored(one, false)
  }

  /** A challenge after we asked: what was shown so far may not be all. */
  function onChallenge(challenge: string): void {
    auth.challenged(challenge)
    askPrivateAgain()
  }

  function askPrivateAgain(): void {
    const hidden = [...open.values()].filter(one => isPrivate(one.request.filters))
    if (!auth.asked || line.state !== 'open' || hidden.length === 0)
      return
    void auth.ensure(0).then((known) => {
      for (const one of hidden.filter(each => known && each.sent && open.get(each.id) === each))
        void ask(one)
    })
  }

  const wasOurs = (id: string): boolean => /^s\d{1,9}$/.test(id) && Number(id.slice(1)) <= lastId

  const isIdle = (): boolean => open.size === 0 && !publisher.busy() && !reconciler.busy()

  /** Relays of strangers are left again when they are of no more use. */
  function rest(): void {
    pulse.stop()
    auth.reset()
    line.rest()
  }

  return {
    url,
    status: () => ({ url, state: line.state, auth: auth.state, retryAt: line.retryAt, lastError: line.lastError, shunned: line.shunned, received, refused, notices, info: manner.info }),
    request(request) {
      const id = `s${++lastId}`
      const intake = openIntake({ source: url, gate, request, onChecked(good, bad) {
        refused += bad
        misconduct(conduct.judged(good, bad))
        if (bad > 0)
          onChange()
      } })
      const one: Open = { id, request, intake, sent: false, stored: false, repeats: 0, heard: 0, quiet: new AbortController() }
      open.set(id, one)
      resting.awake()
      if (line.state === 'open')
        void ask(one)
      else if (!line.connect())
        tellStored(one, false)
      return () => {
        if (!open.delete(id))
          return
        one.quiet.abort()
        queued.delete(one)
        if (one.sent)
          send(['CLOSE', id])
        askQueued()
        resting.soon()
      }
    },
    publish(event) {
      resting.awake()
      return publisher.publish(event).finally(resting.soon)
    },
    async compare(filter, known, signal) {
      resting.awake()
      if (line.connect() && await isUp(line, clock, signal) && (await manner.known())?.negentropy === true) {
        const hidden = isPrivate([filter]) && !await auth.ensure(CHALLENGE_MS) && auth.asked
        return hidden ? null : reconciler.compare(filter, known, signal).finally(resting.soon)
      }
      resting.soon()
      return null
    },
    setConsent(consent, another) {
      auth.setConsent(consent)
      // Another account must not be seen on the same connection as the former one.
      if (another && auth.told && line.state === 'open')
        line.drop('another account', 0)
      askPrivateAgain()
    },
    room: () => Promise.all([...open.values()].map(one => one.intake.room())).then(() => undefined),
    retryNow: () => { line.connect() },
    isIdle,
    rest,
    close() {
      pulse.stop()
      resting.awake()
      reconciler.giveUp()
      for (const one of open.values())
        one.quiet.abort()
      open.clear()
      publisher.down()
      line.close()
    },
  }
}
