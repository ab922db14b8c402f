import process from 'node:process'

/**
 * Where the stories play. Fixed and unusual, because the page's relays are part of its build; the app lies in a
 * sub-folder, so that every run also shows that a build works under any path.
 */
/** Two runs on one machine keep out of each other's way by an offset. */
const offset = Number(process.env['SOUK_E2E_PORT_OFFSET'] ?? 0)

export const PORTS = { app: 45_173 + offset, relay: 47_447 + offset, wallet: 47_448 + offset, authRelay: 47_449 + offset } as const

/** Folder of the built app; its relays are part of the build, so each offset has its own. */
export const BUILD = offset === 0 ? 'reports/sandbox-dist' : `reports/sandbox-dist-${offset}`

export const ADDRESSES = {
  app: `http://localhost:${PORTS.app}/some/shop/`,
  production: `http://localhost:${PORTS.app}/production/`,
  relay: `ws://127.0.0.1:${PORTS.relay}`,
  authRelay: `ws://127.0.0.1:${PORTS.authRelay}`,
  wallet: `http://127.0.0.1:${PORTS.wallet}`,
} as const
