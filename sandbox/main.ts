import process from 'node:process'
import { startSandbox } from './sandbox'

const number = (name: string): number | undefined => (process.env[name] === undefined ? undefined : Number(process.env[name]))

/** The sandbox alone, for tests: ports and data folder from the environment; ends with SIGTERM. */
export async function main(): Promise<number> {
  const relayPort = number('SOUK_RELAY_PORT')
  const walletPort = number('SOUK_WALLET_PORT')
  const authRelayPort = number('SOUK_AUTH_RELAY_PORT')
  const data = process.env['SOUK_SANDBOX_DATA']
  const sandbox = await startSandbox({
    ...(relayPort === undefined ? {} : { relayPort }),
    ...(walletPort === undefined ? {} : { walletPort }),
    ...(authRelayPort === undefined ? {} : { authRelayPort }),
    ...(data === undefined ? {} : { data }),
  })
  console.log(`relay ${sandbox.relayUrl}\nwallet ${sandbox.walletUrl}`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  await sandbox.stop()
  return 0
}
