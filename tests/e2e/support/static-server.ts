import { createReadStream, existsSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import path from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.wasm': 'application/wasm', '.ico': 'image/x-icon',
}

/** As plain a web server as there is: folders under paths, no rewrites. What works here works on any static host. */
export function serveFolders(port: number, folders: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const mount = Object.keys(folders).find(prefix => asked.startsWith(prefix))
    const folder = mount === undefined ? undefined : folders[mount]
    if (mount === undefined || folder === undefined) {
      response.writeHead(404).end()
      return
    }
    const inside = path.normalize(asked.slice(mount.length)).replace(/^(\.\.[/\\])+/, '')
    const file = path.join(folder, inside === '.' || inside.endsWith('/') || inside === '' ? 'index.html' : inside)
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' })
    createReadStream(file).pipe(response)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => resolve(server))
  })
}
