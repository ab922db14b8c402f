import type { Account, Transaction } from './till'
import type { WalletFaults } from './faults'
import { faultsOf, isMute } from './faults'
import type { Event } from 'nostr-tools/core'
import { decrypt as decrypt04, encrypt as encrypt04 } from 'nostr-tools/nip04'
import { decrypt as decrypt44, encrypt as encrypt44, getConversationKey } from 'nostr-tools/nip44'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { bytesToHex } from '@noble/hashes/utils.js'
import { RelayLink } from './relay-link'
import { answerRequest, notificationsOf, toWire } from './nwc-methods'

export interface NwcConnectionKeys { readonly service: Uint8Array, readonly client: Uint8Array }

export interface NwcOptions {
  readonly account: Account
  readonly methods: readonly string[]
  readonly relayUrl: string
  readonly faults: WalletFaults
  readonly now: () => number
  readonly keys?: NwcConnectionKeys
}

type Scheme = 'nip44_v2' | 'nip04'

/** A NIP-47 wallet service for one connection: info event, requests, notifications, both encryptions. */
export class NwcService {
  readonly uri: string
  private readonly keys: NwcConnectionKeys
  private readonly wallet: string
  private readonly client: string
  private readonly link: RelayLink
  /** Request ids: the same event again, from a relay that reconnects, is the same request. */
  private readonly answered = new Set<string>()
  private readonly stop: () => void

  constructor(private readonly options: NwcOptions) {
    this.keys = options.keys ?? { service: generateSecretKey(), client: generateSecretKey() }
    this.wallet = getPublicKey(this.keys.service)
    this.client = getPublicKey(this.keys.client)
    this.uri = `nostr+walletconnect://${this.wallet}?relay=${encodeURIComponent(options.relayUrl)}&secret=${bytesToHex(this.keys.client)}`
    this.link = new RelayLink(options.relayUrl, [{ kinds: [23194], '#p': [this.wallet], 'authors': [this.client], 'since': options.now() - 60 }], event => void this.onRequest(event), () => this.announce())
    const stops = [
      options.account.onSettled(transaction => this.notify(transaction.type === 'incoming' ? 'payment_received' : 'payment_sent', transaction)),
      ...options.methods.includes('make_hold_invoice') ? [options.account.onHeld(transaction => this.notify('hold_invoice_accepted', transaction))] : [],
    ]
    this.stop = () => stops.forEach(stop => stop())
  }

  ready(): Promise<void> {
    return this.link.ready()
  }

  close(): void {
    this.stop()
    this.link.close()
  }

  private get faults(): WalletFaults {
    return faultsOf(this.options.faults, this.options.account.role)
  }

  private announce(): void {
    this.publish(13194, [['encryption', 'nip44_v2 nip04'], ['notifications', notificationsOf(this.options.methods).join(' ')]], this.options.methods.join(' '))
  }

  private async onRequest(event: Event): Promise<void> {
    const { faults } = this
    if (isMute(faults))
      return
    const scheme: Scheme = event.tags.find(([name]) => name === 'encryption')?.[1] === 'nip44_v2' ? 'nip44_v2' : 'nip04'
    if (this.answered.has(event.id))
      return
    this.answered.add(event.id)
    const content = await this.handle(event, scheme)
    if (faults.lateMs > 0)
      await new Promise(resolve => setTimeout(resolve, faults.lateMs))
    if (faults.loseAnswer)
      return
    const tags = [['p', this.client], ['e', event.id]]
    this.publish(23195, tags, faults.garbled ? 'cannot be read' : content)
    if (faults.twice)
      this.publish(23195, [...tags, ['again', '1']], content)
  }

  private async handle(event: Event, scheme: Scheme): Promise<string> {
    const { account, methods, now } = this.options
    const { faults } = this
    const expiration = Number(event.tags.find(([name]) => name === 'expiration')?.[1] ?? Number.POSITIVE_INFINITY)
    const request = this.read(event.content, scheme)
    const method = typeof request?.['method'] === 'string' ? request['method'] : ''
    const params = typeof request?.['params'] === 'object' && request['params'] !== null ? request['params'] as Readonly<Record<string, unknown>> : {}
    const answer = request === null
      ? { error: { code: 'UNSUPPORTED_ENCRYPTION', message: 'could not be read' } }
      : now() > expiration ? { error: { code: 'OTHER', message: 'the request has expired' } } : await answerRequest(account, methods, faults, now, method, params)
    return this.seal({ result_type: method, error: null, result: null, ...answer }, scheme)
  }

  private read(content: string, scheme: Scheme): Readonly<Record<string, unknown>> | null {
    try {
      const plain = scheme === 'nip44_v2' ? decrypt44(content, this.conversation()) : decrypt04(this.keys.service, this.client, content)
      return JSON.parse(plain) as Readonly<Record<string, unknown>>
    }
    catch {
      return null
    }
  }

  private seal(value: unknown, scheme: Scheme): string {
    const plain = JSON.stringify(value)
    return scheme === 'nip44_v2' ? encrypt44(plain, this.conversation()) : encrypt04(this.keys.service, this.client, plain)
  }

  private conversation(): Uint8Array {
    return getConversationKey(this.keys.service, this.client)
  }

  private notify(type: string, transaction: Transaction): void {
    const { now } = this.options
    const { faults } = this
    if (isMute(faults))
      return
    const body = { notification_type: type, notification: toWire(transaction, now()) }
    for (let times = faults.twice ? 2 : 1; times > 0; times -= 1) {
      this.publish(23197, [['p', this.client]], this.seal(body, 'nip44_v2'))
      this.publish(23196, [['p', this.client]], this.seal(body, 'nip04'))
    }
  }

  private publish(kind: number, tags: string[][], content: string): void {
    this.link.publish(finalizeEvent({ kind, created_at: this.options.now(), tags, content }, this.keys.service))
  }
}
