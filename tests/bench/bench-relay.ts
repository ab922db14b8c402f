import type { Event } from '@nostr-relay/common'
import process from 'node:process'
import { startRelay } from '../../sandbox/relay/relay'
import { makeListings } from './listings'
import { makeWraps } from './wraps'

/** A relay of its own process with so many listings, or gift wraps to one merchant, until it is told to end. */
export async function main([port = '0', products = '1000', wraps = '0']: readonly string[]): Promise<number> {
  const relay = await startRelay({ port: Number(port) })
  relay.load(await makeListings(Number(products), Math.floor(Date.now() / 1000)) as readonly Event[])
  relay.load(await makeWraps(Number(wraps), Math.floor(Date.now() / 1000)) as unknown as readonly Event[])
  console.log('ready')
  await new Promise<void>(resolve => process.once('SIGTERM', () => resolve()))
  await relay.close()
  return 0
}
