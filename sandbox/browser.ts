import { spawn } from 'node:child_process'
import process from 'node:process'

type Surroundings = Readonly<Record<string, string | undefined>>

/** The command that shows an address to the person at this machine; null where there is nobody to show it to. */
export function browserCommand(platform: string, env: Surroundings, url: string): readonly [string, ...string[]] | null {
  if (env['CI'] || env['BROWSER'] === 'none')
    return null
  switch (platform) {
    case 'darwin':
      return ['open', url]
    case 'win32':
      return ['cmd', '/c', 'start', '', url]
    default:
      return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null
  }
}

/** Never fails: the address is printed anyway. */
export function openBrowser(url: string): void {
  const command = browserCommand(process.platform, process.env, url)
  if (command === null)
    return
  const [name, ...args] = command
  const child = spawn(name, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
