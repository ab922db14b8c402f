import type { LdkNode } from './ldk-node'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as ldk from 'lightningdevkit'
import { createNode, fundingTransaction } from './ldk-node'

export interface PairEvents {
  /** `hold`: neither now. @param deadline the block height after which the payer's side takes it back; 0 = not known */
  readonly onClaimable: (hash: Uint8Array, preimage: Uint8Array | undefined, msat: number, deadline: number) => 'claim' | 'fail' | 'hold'
  readonly onClaimed: (hash: Uint8Array, msat: number) => void
  readonly onSent: (hash: Uint8Array, preimage: Uint8Array, feesMsat: number) => void
  readonly onFailed: (hash: Uint8Array) => void
}

const CHANNEL_SAT = 16_000_000n
const PUSHED_MSAT = 4_000_000_000n

let ready: Promise<void> | undefined
const load = (): Promise<void> => (ready ??= ldk.initializeWasmFromBinary(readFileSync(createRequire(import.meta.url).resolve('lightningdevkit/liblightningjs.wasm'))))

/** Two nodes joined by arrays in place of a wire, with one channel between them: payer on the left, payee on the right. */
export class LdkPair {
  readonly payer = createNode('payer')
  readonly payee = createNode('payee')
  private readonly wire: { readonly payer: Uint8Array[], readonly payee: Uint8Array[] } = { payer: [], payee: [] }
  private readonly sockets: { readonly payer: ldk.SocketDescriptor, readonly payee: ldk.SocketDescriptor }
  private readonly events: [LdkNode, ldk.Event][] = []
  private readonly held: unknown[] = []

  static async open(on: PairEvents): Promise<LdkPair> {
    await load()
    const pair = new LdkPair(on)
    pair.connect()
    return pair
  }

  private constructor(private readonly on: PairEvents) {
    this.sockets = { payer: this.socket('payee', 1n), payee: this.socket('payer', 2n) }
  }

  private socket(to: 'payer' | 'payee', number: bigint): ldk.SocketDescriptor {
    return ldk.SocketDescriptor.new_impl({
      send_data: (data: Uint8Array) => {
        this.wire[to].push(Uint8Array.from(data))
        return data.length
      },
      disconnect_socket: () => undefined,
      eq: (other: ldk.SocketDescriptor) => other.hash() === number,
      hash: () => number,
    } as Parameters<typeof ldk.SocketDescriptor.new_impl>[0])
  }

  private connect(): void {
    const nowhere = ldk.Option_SocketAddressZ.constructor_none()
    this.payee.peers.new_inbound_connection(this.sockets.payee, nowhere)
    const first = this.payer.peers.new_outbound_connection(this.payee.id, this.sockets.payer, nowhere)
    if (first instanceof ldk.Result_CVec_u8ZPeerHandleErrorZ_OK)
      this.wire.payee.push(first.res)
    this.pump()
    this.payer.manager.create_channel(this.payee.id, CHANNEL_SAT, PUSHED_MSAT, 1n, ldk.ChannelId.constructor_new_zero(), this.payer.config)
    this.pump()
    if (this.payer.manager.list_usable_channels().length === 0)
      throw new Error('the two Lightning nodes could not open their channel')
  }

  /** Moves messages and events until both sides are quiet. */
  pump(): void {
    for (let round = 0; round < 500; round += 1) {
      let moved = false
      for (const side of ['payer', 'payee'] as const) {
        const node = this[side]
        for (let data = this.wire[side].shift(); data !== undefined; data = this.wire[side].shift()) {
          moved = true
          node.peers.read_event(this.sockets[side], data)
        }
        node.peers.process_events()
        this.collect(node)
      }
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) {
        moved = true
        this.handle(...next)
      }
      if (!moved && this.wire.payer.length === 0 && this.wire.payee.length === 0)
        return
    }
  }

  /** Without a chain a node's clock stands still, and its invoices are dated by it: an empty block says what time it is. */
  tellTime(seconds: number): void {
    const header = new Uint8Array(80)
    new DataView(header.buffer).setUint32(68, seconds, true)
    // The same height each time: nothing in flight comes any nearer to its time-out.
    for (const node of [this.payer, this.payee])
      node.manager.as_Confirm().best_block_updated(header, 1)
  }

  tick(): void {
    for (const node of [this.payer, this.payee]) {
      node.manager.timer_tick_occurred()
      node.peers.timer_tick_occurred()
    }
    this.pump()
  }

  /** Of what the payee holds. */
  claim(preimage: Uint8Array): void {
    this.payee.manager.claim_funds(preimage)
    this.pump()
  }

  giveBack(hash: Uint8Array): void {
    this.payee.manager.fail_htlc_backwards(hash)
    this.pump()
  }

  close(): void {
    this.payer.peers.disconnect_all_peers()
    this.payee.peers.disconnect_all_peers()
  }

  private collect(node: LdkNode): void {
    const keep = ldk.EventHandler.new_impl({
      handle_event: (event: ldk.Event) => {
        this.events.push([node, event])
        return ldk.Result_NoneReplayEventZ.constructor_ok()
      },
    })
    const ignore = ldk.EventHandler.new_impl({ handle_event: () => ldk.Result_NoneReplayEventZ.constructor_ok() })
    node.manager.as_EventsProvider().process_pending_events(keep)
    node.monitor.as_EventsProvider().process_pending_events(ignore)
  }

  private handle(node: LdkNode, event: ldk.Event): void {
    if (event instanceof ldk.Event_FundingGenerationReady) {
      const transaction = fundingTransaction(event.output_script, event.channel_value_satoshis)
      this.held.push(transaction)
      node.manager.funding_transaction_generated(event.temporary_channel_id, event.counterparty_node_id, transaction)
    }
    else if (event instanceof ldk.Event_OpenChannelRequest) {
      node.manager.accept_inbound_channel_from_trusted_peer_0conf(event.temporary_channel_id, event.counterparty_node_id, 1n)
    }
    else if (event instanceof ldk.Event_PendingHTLCsForwardable) {
      node.manager.process_pending_htlc_forwards()
    }
    else if (event instanceof ldk.Event_PaymentClaimable) {
      const preimage = preimageOf(event.purpose)
      const deadline = event.claim_deadline
      const answer = this.on.onClaimable(event.payment_hash, preimage, Number(event.amount_msat), deadline instanceof ldk.Option_u32Z_Some ? deadline.some : 0)
      if (answer === 'claim' && preimage !== undefined)
        node.manager.claim_funds(preimage)
      else if (answer !== 'hold')
        node.manager.fail_htlc_backwards(event.payment_hash)
    }
    else if (event instanceof ldk.Event_PaymentClaimed) {
      this.on.onClaimed(event.payment_hash, Number(event.amount_msat))
    }
    else if (event instanceof ldk.Event_PaymentSent) {
      const fees = event.fee_paid_msat
      this.on.onSent(event.payment_hash, event.payment_preimage, fees instanceof ldk.Option_u64Z_Some ? Number(fees.some) : 0)
    }
    else if (event instanceof ldk.Event_PaymentFailed) {
      const hash = event.payment_hash
      if (hash instanceof ldk.Option_ThirtyTwoBytesZ_Some)
        this.on.onFailed(hash.some)
    }
  }
}

function preimageOf(purpose: ldk.PaymentPurpose): Uint8Array | undefined {
  const known = purpose instanceof ldk.PaymentPurpose_Bolt11InvoicePayment ? purpose.payment_preimage : undefined
  return known instanceof ldk.Option_ThirtyTwoBytesZ_Some ? known.some : undefined
}
