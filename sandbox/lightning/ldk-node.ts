import { randomBytes } from 'node:crypto'
import * as ldk from 'lightningdevkit'

/**
 * One Lightning node of the LDK in this process, on regtest, without a chain: fees are fixed, nothing is broadcast, channels are
 * trusted unconfirmed. WASM objects live only as long as something here refers to them, hence `held`.
 */
export interface LdkNode {
  readonly name: string
  readonly manager: ldk.ChannelManager
  readonly peers: ldk.PeerManager
  readonly monitor: ldk.ChainMonitor
  readonly config: ldk.UserConfig
  readonly id: Uint8Array
  readonly held: readonly unknown[]
}

export function createNode(name: string): LdkNode {
  const now = Math.floor(Date.now() / 1000)
  const fees = ldk.FeeEstimator.new_impl({ get_est_sat_per_1000_weight: () => 253 })
  const broadcaster = ldk.BroadcasterInterface.new_impl({ broadcast_transactions: () => undefined })
  const logger = ldk.Logger.new_impl({ log: () => undefined })
  const done = ldk.ChannelMonitorUpdateStatus.LDKChannelMonitorUpdateStatus_Completed
  const persister = ldk.Persist.new_impl({ persist_new_channel: () => done, update_persisted_channel: () => done, archive_persisted_channel: () => undefined })
  const monitor = ldk.ChainMonitor.constructor_new(ldk.Option_FilterZ.constructor_none(), broadcaster, logger, fees, persister)
  const keys = ldk.KeysManager.constructor_new(new Uint8Array(randomBytes(32)), BigInt(now), 1)
  const network = ldk.Network.LDKNetwork_Regtest
  const graph = ldk.NetworkGraph.constructor_new(network, logger)
  const scorer = ldk.ProbabilisticScorer.constructor_new(ldk.ProbabilisticScoringDecayParameters.constructor_default(), graph, logger)
  const lock = ldk.MultiThreadedLockableScore.constructor_new(scorer.as_Score())
  const router = ldk.DefaultRouter.constructor_new(graph, logger, keys.as_EntropySource(), lock.as_LockableScore(), ldk.ProbabilisticScoringFeeParameters.constructor_default())
  const messageRouter = ldk.DefaultMessageRouter.constructor_new(graph, keys.as_EntropySource())
  const config = trustingConfig()
  const chain = ldk.ChainParameters.constructor_new(network, ldk.BestBlock.constructor_from_network(network))
  const manager = ldk.ChannelManager.constructor_new(fees, monitor.as_Watch(), broadcaster, router.as_Router(), messageRouter.as_MessageRouter(), logger, keys.as_EntropySource(), keys.as_NodeSigner(), keys.as_SignerProvider(), config, chain, now)
  const ignore = ldk.IgnoringMessageHandler.constructor_new()
  const peers = ldk.PeerManager.constructor_new(manager.as_ChannelMessageHandler(), ignore.as_RoutingMessageHandler(), ignore.as_OnionMessageHandler(), ignore.as_CustomMessageHandler(), now, keys.as_EntropySource().get_secure_random_bytes(), logger, keys.as_NodeSigner())
  return { name, manager, peers, monitor, config, id: manager.get_our_node_id(), held: [fees, broadcaster, logger, persister, keys, graph, scorer, lock, router, messageRouter, chain, ignore] }
}

/** Zero-confirmation channels, private ones too, and the whole channel may be in flight. */
function trustingConfig(): ldk.UserConfig {
  const config = ldk.UserConfig.constructor_default()
  config.set_manually_accept_inbound_channels(true)
  const limits = ldk.ChannelHandshakeLimits.constructor_default()
  limits.set_trust_own_funding_0conf(true)
  limits.set_force_announced_channel_preference(false)
  config.set_channel_handshake_limits(limits)
  const handshake = ldk.ChannelHandshakeConfig.constructor_default()
  handshake.set_max_inbound_htlc_value_in_flight_percent_of_channel(100)
  handshake.set_negotiate_scid_privacy(false)
  config.set_channel_handshake_config(handshake)
  return config
}

/** A transaction with the one output that the channel wants: nobody checks the chain here. */
export function fundingTransaction(script: Uint8Array, satoshi: bigint): Uint8Array {
  const witness = script.length + 58
  const transaction = new Uint8Array(witness + 7)
  transaction[0] = 2
  transaction[5] = 1
  transaction[6] = 1
  transaction.fill(0xFF, 44, 48)
  transaction[48] = 1
  new DataView(transaction.buffer).setBigUint64(49, satoshi, true)
  transaction[57] = script.length
  transaction.set(script, 58)
  transaction[witness] = 1
  transaction[witness + 1] = 1
  transaction[witness + 2] = 0xFF
  return transaction
}
