import { WebSocket } from 'ws'
import type { OpenSocket } from '../../src/nostr/relay/relay-line'

/** Node 20 has no WebSocket of its own. */
export const openNodeSocket: OpenSocket = url => new WebSocket(url)
