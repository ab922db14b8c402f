import process from 'node:process'

/** How our tests start a browser: an installed Chromium where one is named, and no calls to anybody's servers. */
export function chromiumOptions(): { readonly executablePath?: string, readonly args: string[] } {
  const executablePath = process.env['CHROMIUM_PATH']
  return {
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  }
}
