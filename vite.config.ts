/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import { quasar, transformAssetUrls } from '@quasar/vite-plugin'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { chunkNames } from './.ci/chunks'

/** Installable, opens offline, and offers a new version rather than forcing it. */
const pwa = VitePWA({
  strategies: 'generateSW',
  registerType: 'prompt',
  injectRegister: false,
  includeAssets: ['favicon.svg', 'icons/*.png'],
  manifest: {
    id: 'souk',
    name: 'Souk',
    short_name: 'Souk',
    description: 'Shops and shoppers on Nostr, paid over Lightning.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#faf8f5',
    theme_color: '#faf8f5',
    categories: ['shopping'],
    icons: [
      { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{js,css,html,svg,png,woff2,wasm}'],
    navigateFallback: 'index.html',
    cleanupOutdatedCaches: true,
    clientsClaim: true,
    skipWaiting: false,
    // Pictures of listings seen before, so that the shop is not blank offline. Bounded, and the oldest go first.
    runtimeCaching: [{
      urlPattern: ({ request, sameOrigin }) => request.destination === 'image' && !sameOrigin,
      handler: 'CacheFirst',
      options: { cacheName: 'souk-images', expiration: { maxEntries: 400, maxAgeSeconds: 30 * 24 * 3600, purgeOnQuotaError: true }, cacheableResponse: { statuses: [0, 200] } },
    }],
  },
})

export default defineConfig(({ mode }) => ({
  // Relative, so that the build runs from any folder of any web server.
  base: './',
  plugins: [
    vue({ template: { transformAssetUrls } }),
    quasar({ sassVariables: false }),
    ...(process.env['VITEST'] ? [] : [pwa]),
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022', manifest: true, reportCompressedSize: false, assetsInlineLimit: 0, outDir: mode === 'sandbox' ? 'reports/sandbox-dist' : 'dist', emptyOutDir: true,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: chunkNames(fileURLToPath(new URL('src', import.meta.url))), includeDependenciesRecursively: false }] } } },
  },
  test: {
    // Real sockets and two cores: a machine that is busy gets a second chance, a fault does not pass it.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 30_000,
    // Most of the time goes by waiting for sockets: two files at once on two cores.
    maxWorkers: 2,
    // Modules load once a thread and not once a file: half of the time went there.
    pool: 'threads',
    isolate: false,
    unstubGlobals: true,
    unstubEnvs: true,
    projects: [
      { extends: true, test: { name: 'unit', environment: 'node', include: ['tests/unit/**/*.test.ts', 'tests/interop/**/*.test.ts'], setupFiles: ['tests/support/own-storage.ts'] } },
      { extends: true, test: { name: 'component', environment: 'happy-dom', include: ['tests/component/**/*.test.ts'], setupFiles: ['tests/support/setup.ts', 'tests/support/own-storage.ts'], server: { deps: { inline: ['quasar'] } } } },
    ],
  },
}))
