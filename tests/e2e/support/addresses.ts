import process from 'node:process'

/**
 * Where the stories play: each worker has a house of its own, with a relay, a wallet and a market that no other story
 * stops, floods or buys empty. Fixed and unusual ports, because the page's relays are part of its build; the app lies
 * in a sub-folder, so that every run also shows that a build works under any path.
 */
/** Two runs on one machine keep out of each other's way by an offset. */
const offset = Number(process.env['SOUK_E2E_PORT_OFFSET'] ?? 0)

/** Ports of the house that the n-th worker plays in. */
export const portsOf = (house: number) => {
  const by = offset + house * 100
  return { app: 45_173 + by, relay: 47_447 + by, wallet: 47_448 + by, authRelay: 47_449 + by } as const
}

/** Folder of the app as built for the n-th house; its relays are part of the build. */
export const buildOf = (house: number): string => `reports/sandbox-dist-${offset + house * 100}`

/** Playwright tells each worker which one it is; whoever else asks is in the first house. */
const house = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)

export const PORTS = portsOf(house)
export const BUILD = buildOf(house)

export const addressesOf = (ports: ReturnType<typeof portsOf>) => ({
  app: `http://localhost:${ports.app}/some/shop/`,
  production: `http://localhost:${ports.app}/production/`,
  relay: `ws://127.0.0.1:${ports.relay}`,
  authRelay: `ws://127.0.0.1:${ports.authRelay}`,
  wallet: `http://127.0.0.1:${ports.wallet}`,
} as const)

export const ADDRESSES = addressesOf(PORTS)
