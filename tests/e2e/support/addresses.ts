/**
 * Where the stories play. Fixed and unusual, because the page's relays are part of its build; the app lies in a
 * sub-folder, so that every run also shows that a build works under any path.
 */
export const PORTS = { app: 45_173, relay: 47_447, wallet: 47_448, authRelay: 47_449 } as const

export const ADDRESSES = {
  app: `http://localhost:${PORTS.app}/some/shop/`,
  production: `http://localhost:${PORTS.app}/production/`,
  relay: `ws://127.0.0.1:${PORTS.relay}`,
  authRelay: `ws://127.0.0.1:${PORTS.authRelay}`,
  wallet: `http://127.0.0.1:${PORTS.wallet}`,
} as const
