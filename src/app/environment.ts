import type { RelayUrl } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import { readCurrency } from '../domain/money/fiat'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'
import type { AppConfig } from '../ports/services'

/** Named one by one: the build puts their values in. Each is described in .env.example. */
const env = {
  relays: import.meta.env.VITE_RELAYS as unknown,
  currency: import.meta.env.VITE_CURRENCY as unknown,
  network: import.meta.env.VITE_NETWORK as unknown,
  rateSources: import.meta.env.VITE_RATE_SOURCES as unknown,
}

const DEFAULT_RELAYS = 'wss://relay.damus.io,wss://nos.lol,wss://relay.primal.net'
const NETWORKS: readonly Network[] = ['mainnet', 'testnet', 'signet', 'regtest', 'simnet']

const list = (value: unknown): readonly string[] => typeof value === 'string' ? value.split(',').map(one => one.trim()).filter(one => one !== '') : []
const relaysOf = (value: unknown): readonly RelayUrl[] => [...new Set(list(value).map(normalizeRelayUrl).filter(url => url !== null))]

/** What the build was told; whatever cannot be read falls back to what a public shop would use. */
export function readConfig(sandbox: boolean): AppConfig {
  const relays = relaysOf(env.relays)
  return {
    sandbox,
    network: NETWORKS.find(network => network === env.network) ?? 'mainnet',
    relays: relays.length > 0 ? relays : relaysOf(DEFAULT_RELAYS),
    currency: readCurrency(env.currency) ?? 'EUR',
  }
}

/** Addresses, with or without the `kind|` before them. */
export const rateAddresses = (): readonly string[] => list(env.rateSources).map(one => one.slice(one.indexOf('|') + 1))
