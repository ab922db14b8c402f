import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import process from 'node:process'

export interface SandboxProcess { stop(): Promise<void> }

const healthy = async (address: string): Promise<boolean> => {
  try {
    return (await fetch(`${address}/control/health`)).ok
  }
  catch (error) {
    if (error instanceof TypeError)
      return false
    throw error
  }
}

const ended = (child: ChildProcess): Promise<void> => child.exitCode !== null || child.signalCode !== null
  ? Promise.resolve()
  : new Promise(resolve => child.once('exit', () => resolve()))

/** The sandbox in a process of its own, as a newcomer has it; stories steer it over HTTP. */
export async function startSandboxProcess(root: string, data: string, ports: { readonly relay: number, readonly wallet: number, readonly authRelay: number }): Promise<SandboxProcess> {
  const env = { ...process.env, SOUK_SANDBOX_DATA: data, SOUK_RELAY_PORT: String(ports.relay), SOUK_WALLET_PORT: String(ports.wallet), SOUK_AUTH_RELAY_PORT: String(ports.authRelay) }
  const child = spawn(process.execPath, ['.ci/run-ts.mjs', 'sandbox/main.ts'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const until = Date.now() + 40_000
  while (!await healthy(`http://127.0.0.1:${ports.wallet}`)) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill()
      throw new Error('the sandbox did not start')
    }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  return {
    async stop() {
      child.kill('SIGTERM')
      const stopped = ended(child)
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await stopped
      clearTimeout(timer)
    },
  }
}
